kind = "terminating-gateway"
name = "out"
services = [
  { name = "billing", cert_file = "/certs/billing.pem" },
  { name = "billing" },
]
