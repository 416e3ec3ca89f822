container "tools" {
  image {
    name = "shipyardrun/tools:v0.1.0"
  }

  command = ["tail", "-f", "/dev/null"]

  network {
    name = "network.onprem"
  }

  volume {
    source      = "./central_config"
    destination = "/files"
  }

  env {
    key   = "CONSUL_HTTP_ADDR"
    value = "http://consul-1.container.shipyard.run:8500"
  }
}

docs "docs" {
  path = "./docs"
  port = 18080

  index_title = "Consul"
  index_pages = ["index"]

  network {
    name = "network.onprem"
  }
}
