# The monolith: it has no idea that there is a mesh. Others must know its address.
container "payments" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  network {
    name       = "network.local"
    ip_address = "10.5.0.110"
  }

  env {
    key   = "NAME"
    value = "payments"
  }

  env {
    key   = "MESSAGE"
    value = "payments of v1"
  }
}
