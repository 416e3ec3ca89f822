container "hcs" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-config-file=/config/server.hcl"]

  volume {
    source      = "./config"
    destination = "/config"
  }
}
