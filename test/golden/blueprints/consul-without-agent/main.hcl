container "consul" {
  image {
    name = "consul:1.7.2"
  }

  command = ["consul", "-config-file=/config/server.hcl"]
}

container "version" {
  image {
    name = "consul:1.7.2"
  }

  command = ["consul", "-v"]
}
