container "consul" {
  image {
    name = "consul:1.8.0"
  }

  command = ["consul", "agent", "-config-file=/config/consul.hcl"]

  volume {
    source      = "./consul_config/consul.hcl"
    destination = "/config/consul.hcl"
  }

  network {
    name       = "network.local"
    ip_address = "10.6.0.200"
  }

  health_check {
    timeout = "30s"
    http    = "http://localhost:8500/v1/status/leader"
  }
}

container_ingress "consul-http" {
  target = "container.consul"

  port {
    local           = 8500
    remote          = 8500
    host            = 18500
    open_in_browser = ""
  }

  network {
    name = "network.local"
  }
}

exec_remote "defaults" {
  target = "container.consul"

  cmd  = "consul"
  args = ["config", "write", "/files/payments_defaults.hcl"]

  depends_on = ["container.consul"]

  volume {
    source      = "./consul_config"
    destination = "/files"
  }
}
