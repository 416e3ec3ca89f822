container "api_v2" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.14.1"
  }

  depends_on = ["container.consul_1", "container.consul_2", "container.consul_3"]

  network {
    name       = "network.onprem"
    ip_address = "10.9.0.22"
  }

  volume {
    source      = "./service_config/api_v2.hcl"
    destination = "/config/api_v2.hcl"
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
    value = "api-v2"
  }

  env {
    key   = "NAME"
    value = "api-v2"
  }

  env {
    key   = "MESSAGE"
    value = "api, second version"
  }
}
