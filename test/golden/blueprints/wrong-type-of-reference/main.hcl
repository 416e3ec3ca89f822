network "local" {
  subnet = "10.5.0.0/16"
}

ingress "web" {
  target = "network.local"

  port {
    remote = 9090
    host = 9090
  }
}
