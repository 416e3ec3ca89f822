template "consul_config" {
  source = file("${file_dir()}/templates/server.tpl")

  destination = "${data("consul")}/server.hcl"

  vars = {
    datacenter = var.datacenter
    protocol   = "http"
  }
}

container "consul" {
  depends_on = ["template.consul_config"]

  image {
    name = "consul:${var.consul_version}"
  }

  command = ["consul", "agent", "-config-dir", "/config"]

  network {
    name       = "network.shop"
    ip_address = var.consul_ip
  }

  volume {
    source      = data("consul")
    destination = "/config"
  }

  port {
    local  = 8500
    remote = 8500
    host   = 18500
  }

  max_restart_count = 3
}
