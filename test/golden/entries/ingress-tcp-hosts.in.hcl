Kind = "ingress-gateway"
Name = "ingress"
Listeners {
  Port = 9000
  Services = [
    { Name = "db" Hosts = ["db.example.com"] },
    { Name = "*" },
  ]
}
