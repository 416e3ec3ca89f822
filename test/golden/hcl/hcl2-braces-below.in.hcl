network
{
  subnet = "10.5.0.0/16"
}

container "web" {
  network

  {
    name = "network.onprem"
  }
  privileged = ${var.p}
}
