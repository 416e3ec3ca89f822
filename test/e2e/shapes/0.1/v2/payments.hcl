# The application and its proxy are two containers that share an address.
container "payments" {
  image {
    name = "nicholasjackson/fake-service:v0.14.1"
  }

  network {
    name       = "network.local"
    ip_address = "10.6.0.110"
  }

  env_var = {
    NAME        = "payments"
    MESSAGE     = "payments of 0.1, meshed"
    LISTEN_ADDR = "127.0.0.1:9090"
  }
}

sidecar "payments-proxy" {
  target = "container.payments"

  image {
    name = "nicholasjackson/consul-envoy:v1.8.0-v1.14.2"
  }

  command = ["consul", "connect", "envoy", "-sidecar-for", "payments-1"]

  volume {
    source      = "./consul_config/payments.hcl"
    destination = "/config/payments.hcl"
  }

  env_var = {
    CONSUL_HTTP_ADDR = "http://consul.container.shipyard.run:8500"
    CONSUL_GRPC_ADDR = "http://consul.container.shipyard.run:8502"
    SERVICE_CONFIG   = "/config/payments.hcl"
  }
}
