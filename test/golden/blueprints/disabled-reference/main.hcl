variable "with_network" { default = false }

network "local" {
  disabled = !var.with_network
  subnet   = "10.5.0.0/16"
}

container "web" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.local" }
  depends_on = ["network.local"]
}
