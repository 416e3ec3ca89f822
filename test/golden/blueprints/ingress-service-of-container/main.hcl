container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
}

ingress "web" {
  target  = "container.web"
  service = "svc/web"

  port {
    remote = 9090
    host   = 9090
  }
}
