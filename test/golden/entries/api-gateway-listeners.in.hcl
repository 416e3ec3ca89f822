Kind = "api-gateway"
Name = "gw"
Listeners = [
  { Name = "One", Port = 70000, Protocol = "udp" },
  { Name = "two", Port = 8443, Protocol = "tcp", Hostname = "example.com", TLS = { Certificates = [{ Kind = "secret" }] } },
]
