kind = "ingress-gateway"
name = "ingress"
tls { enabled = true }
listeners = [
  { port = 80 protocol = "h3" services = [{ name = "web" }] },
  { port = 81 protocol = "http" services = [{ name = "web" hosts = ["*", "a.*.com"] }] },
]
