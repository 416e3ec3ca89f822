container "consul_1" {
  image {
    name = "consul:1.8.0"
  }

  command = ["consul", "agent", "-config-file=/config/consul.hcl", "-node=consul-1"]

  volume {
    source      = "./consul_config"
    destination = "/config"
  }

  network {
    name       = "network.onprem"
    ip_address = "10.9.0.201"
    aliases    = ["consul-server"]
  }

  port {
    local           = 8500
    remote          = 8500
    host            = 8500
    open_in_browser = "/ui"
  }

  env {
    key   = "CONSUL_HTTP_ADDR"
    value = "http://localhost:8500"
  }
}

container "consul_2" {
  image {
    name = "consul:1.8.0"
  }

  command = ["consul", "agent", "-config-file=/config/consul.hcl", "-node=consul-2"]

  volume {
    source      = "./consul_config"
    destination = "/config"
  }

  network {
    name       = "network.onprem"
    ip_address = "10.9.0.202"
    aliases    = ["consul-server"]
  }
}

container "consul_3" {
  image {
    name = "consul:1.8.0"
  }

  command = ["consul", "agent", "-config-file=/config/consul.hcl", "-node=consul-3"]

  volume {
    source      = "./consul_config"
    destination = "/config"
  }

  network {
    name       = "network.onprem"
    ip_address = "10.9.0.203"
    aliases    = ["consul-server"]
  }
}

