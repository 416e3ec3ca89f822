container "web" {
  port {
    local = 80

  network {
    name = "network.onprem"
  }
}

output "x" {
  value = 1
}
