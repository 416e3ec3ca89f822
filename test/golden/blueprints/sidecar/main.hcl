container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
}

sidecar "unknown_image" {
  target = "container.web"

  image {
    name = "envoyproxy/envoy:v1.20"
  }
}

sidecar "wrong_id" {
  target = "container.web"

  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }

  command = ["consul", "connect", "envoy", "-sidecar-for", "wbe"]

  volume {
    source      = "./config/web.hcl"
    destination = "/config/web.hcl"
  }

  env {
    key   = "SERVICE_CONFIG"
    value = "/config/web.hcl"
  }
}

sidecar "missing_file" {
  target = "container.web"

  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }

  command = ["consul", "connect", "envoy", "-sidecar-for", "web"]

  env {
    key   = "SERVICE_CONFIG"
    value = "/config/web.hcl"
  }
}

sidecar "nothing" {
  target = "container.web"

  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }
}

sidecar "gateway" {
  target = "container.web"

  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }

  command = ["consul", "connect", "envoy", "-mesh-gateway", "-gateway=mesh"]
}

sidecar "shell" {
  target = "container.web"

  image {
    name = "nicholasjackson/consul-envoy:v1.7.2-v0.14.1"
  }

  command = ["sh", "-c", "sleep 1"]
}

sidecar "targetless" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
}
