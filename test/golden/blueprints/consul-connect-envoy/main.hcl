container "sidecar" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-sidecar-for", "web"]
}

container "ingress" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-gateway=ingress", "-register", "-service", "ingress"]
}

container "egress" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-gateway", "egress", "-register"]
}

container "unregistered" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-gateway=api"]
}

container "nameless" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-gateway=terminating", "-proxy-id=exit"]
}

container "portless" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-gateway=terminating", "-register", "-address", "10.5.0.10"]
}

container "mesh" {
  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
  command = ["consul", "connect", "envoy", "-mesh-gateway", "-register", "-address", "10.5.0.11:443"]
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
