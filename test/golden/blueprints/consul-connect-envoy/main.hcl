container "sidecar" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-sidecar-for", "web"]
}

container "gateway" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-gateway=ingress", "-register", "-service", "ingress"]
}

container "idle" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
}

container "tools" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
}
