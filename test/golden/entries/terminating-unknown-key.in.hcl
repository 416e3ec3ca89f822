kind = "terminating-gateway"
name = "out"
services = [{ name = "billing", ca_fil = "/certs/ca.pem" }]
