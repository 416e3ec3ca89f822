container "consul" {
  image {
    name = "consul:1.10.1"
  }

  command = ["consul", "agent", "-dev"]

  dns = ["10.5.0.2"]

  privileged        = true
  max_restart_count = 3

  run_as {
    user = "100"
  }

  resources {
    cpu     = 1000
    cpu_pin = [0, 1]
    memory  = 512
  }

  # Its API answers, the rest of the range does not.
  port_range {
    range       = "8500-8502"
    enable_host = true
  }

  port {
    local    = 8600
    remote   = 8600
    host     = 8600
    protocol = "udp"
  }

  port {
    local    = 8600
    remote   = 8600
    host     = 8600
    protocol = "tcp"
  }

  volume {
    source                          = "."
    destination                     = "/files"
    bind_propagation                = "rshared"
    bind_propagation_non_recursive  = true
  }

  volume {
    source      = "scratch"
    destination = "/tmp/consul"
    type        = "tmpfs"
  }

  volume {
    source      = "consul_data"
    destination = "/consul/data"
    type        = "volume"
  }

  health_check {
    timeout    = "30s"
    http       = "http://localhost:8500/v1/status/leader"
    services   = ["consul"]
    pods       = ["app=consul"]
    nomad_jobs = ["consul"]
  }
}
