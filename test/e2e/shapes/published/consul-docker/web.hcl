container "web" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.14.1"
  }

  depends_on = ["container.consul_1", "container.consul_2", "container.consul_3"]

  network {
    name       = "network.onprem"
    ip_address = "10.9.0.10"
  }

  volume {
    source      = "./service_config/web.hcl"
    destination = "/config/web.hcl"
  }

  volume {
    source      = "./central_config"
    destination = "/central"
  }

  env {
    key   = "CENTRAL_CONFIG_DIR"
    value = "/central"
  }

  env {
    key   = "UPSTREAM_URIS"
    value = "http://localhost:9091"
  }

  port {
    local           = 9090
    remote          = 9090
    host            = 9090
    open_in_browser = "/ui"
  }

  env {
    key   = "CONSUL_SERVER"
    value = "10.9.0.201"
  }

  env {
    key   = "CONSUL_DATACENTER"
    value = "dc1"
  }

  env {
    key   = "SERVICE_ID"
    value = "web-v1"
  }

  env {
    key   = "NAME"
    value = "web-v1"
  }

  env {
    key   = "MESSAGE"
    value = "web, published"
  }
}
