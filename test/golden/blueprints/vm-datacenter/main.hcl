container "hcs" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-server", "-datacenter=azure"]
}

container "default" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  env {
    key   = "CONSUL_SERVER"
    value = "hcs.container.shipyard.run"
  }
}

container "other" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  env {
    key   = "CONSUL_SERVER"
    value = "hcs.container.shipyard.run"
  }
  env {
    key   = "CONSUL_DATACENTER"
    value = "asure"
  }
}

container "mistyped" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  env_var = {
    CONSUL_SERVER     = "hsc.container.shipyard.run"
    CONSUL_DATACENTER = "azure"
  }
}

container "unknown" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  env_var = {
    CONSUL_DATACENTER = "azur"
    CENTRAL_CONFIG    = "/config/defaults.hcl"
  }
  volume {
    source      = "./config"
    destination = "/config"
  }
}
