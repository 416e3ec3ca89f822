container "server" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-config-dir=/config"]

  volume {
    source      = "./config"
    destination = "/config"
  }

  port {
    local = 8500
    host  = 18500
  }

  port {
    local = 8600
    host  = 18600
  }
}

container "client" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-retry-join", "server.container.shipyard.run"]

  port {
    local = 8500
    host  = 28500
  }
}
