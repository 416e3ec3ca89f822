network "local" {}

container "web" {
  network {
    ip_address = "10.5.0.1"
  }
}
