# Whether a gateway is started, in front of the services.
variable "gateway" {
  default = false
}

network "onprem" {
  subnet = "10.9.0.0/16"
}

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
    name       = "network.onprem"
    ip_address = "10.9.0.200"
  }

  port {
    local  = 8500
    remote = 8500
    host   = 18500
  }
}

container "web" {
  depends_on = ["container.consul"]

  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  network {
    name = "network.onprem"
  }

  volume {
    source      = "./service_config/web.hcl"
    destination = "/config/web.hcl"
  }

  env_var = {
    CONSUL_SERVER     = "consul.container.shipyard.run"
    CONSUL_DATACENTER = "dc1"
    SERVICE_ID        = "web"
    NAME              = "web"
    MESSAGE           = "web, published"
    UPSTREAM_URIS     = "http://localhost:9091"
  }

  port {
    local  = 9090
    remote = 9090
    host   = 9090
  }
}

container "api" {
  depends_on = ["container.consul"]

  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  network {
    name = "network.onprem"
  }

  volume {
    source      = "./service_config/api.hcl"
    destination = "/config/api.hcl"
  }

  env_var = {
    CONSUL_SERVER     = "consul.container.shipyard.run"
    CONSUL_DATACENTER = "dc1"
    SERVICE_ID        = "api"
    NAME              = "api"
    MESSAGE           = "api behind web"
  }
}

container "ingress" {
  disabled   = !var.gateway
  depends_on = ["container.consul"]

  image {
    name = "nicholasjackson/consul-envoy:v1.8.0-v1.14.2"
  }

  command = ["consul", "connect", "envoy", "-gateway=ingress", "-register", "-service=ingress-service", "-address=10.9.0.202:8888"]

  network {
    name       = "network.onprem"
    ip_address = "10.9.0.202"
  }

  env_var = {
    CONSUL_HTTP_ADDR = "http://consul.container.shipyard.run:8500"
    CONSUL_GRPC_ADDR = "http://consul.container.shipyard.run:8502"
  }

  port {
    local  = 443
    remote = 443
    host   = 443
  }
}

docs "docs" {
  path            = "./docs"
  port            = 18080
  open_in_browser = false
}
