# web calls payments at a fixed address: nothing encrypts the call, nothing says who may make it,
# and whoever moves payments breaks web.
container "web" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  network {
    name       = "network.local"
    ip_address = "10.5.0.100"
  }

  env {
    key   = "NAME"
    value = "web"
  }

  env {
    key   = "MESSAGE"
    value = "web of v1"
  }

  env {
    key   = "UPSTREAM_URIS"
    value = "http://10.5.0.110:9090"
  }
}

ingress "web" {
  target = "container.web"

  network {
    name = "network.local"
  }

  port {
    local  = 9090
    remote = 9090
    host   = 9090
  }
}

output "web" {
  value = "http://localhost:9090"
}
