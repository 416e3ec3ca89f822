network "onprem" {
  subnet = "10.8.0.0/16"
}

k8s_cluster "dc1" {
  driver = "k3s"

  network {
    name = "network.onprem"
  }

  env_var = {
    CONSUL_HTTP_ADDR = "https://consul.example"
  }
}

helm "consul" {
  cluster = "k8s_cluster.dc1"

  repository {
    name = "hashicorp"
    url  = "https://helm.releases.hashicorp.com"
  }

  chart   = "hashicorp/consul"
  version = "v0.40.0"

  namespace        = "consul"
  create_namespace = true
  skip_crds        = false
  retry            = 3
  timeout          = "240s"

  values = "./helm/consul.yaml"

  health_check {
    timeout = "240s"
    pods    = ["component=connect-injector", "component=server"]
  }
}

# What is on no cluster reaches Consul through a port of its servers.
ingress "consul" {
  source {
    driver = "local"

    config {
      port = 18501
    }
  }

  destination {
    driver = "k8s"

    config {
      cluster = "k8s_cluster.dc1"
      address = "consul-server.consul.svc"
      port    = 8500
    }
  }
}

k8s_config "config" {
  depends_on = ["helm.consul"]

  cluster          = "k8s_cluster.dc1"
  paths            = ["./k8s_config/entries.yaml"]
  wait_until_ready = true
}

k8s_config "web" {
  depends_on = ["k8s_config.config"]

  cluster          = "k8s_cluster.dc1"
  paths            = ["./k8s_config/web.yaml"]
  wait_until_ready = true

  health_check {
    timeout = "60s"
    pods    = ["app=web"]
  }
}

copy "payments_config" {
  source      = "./consul_config"
  destination = "${data("payments")}/config"
}

container "payments" {
  depends_on = ["helm.consul", "copy.payments_config"]

  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }

  network {
    name       = "network.onprem"
    ip_address = "10.8.0.110"
  }

  volume {
    source      = "${data("payments")}/config"
    destination = "/config"
  }

  env {
    key   = "CONSUL_DATACENTER"
    value = "dc1"
  }

  env {
    key   = "SERVICE_ID"
    value = "payments-1"
  }

  env {
    key   = "NAME"
    value = "payments"
  }

  env {
    key   = "MESSAGE"
    value = "payments of 0.4, meshed"
  }
}

ingress "web" {
  source {
    driver = "local"

    config {
      port            = 9090
      open_in_browser = "/"
    }
  }

  destination {
    driver = "k8s"

    config {
      cluster = "k8s_cluster.dc1"
      address = "web.default.svc"
      port    = 9090
    }
  }
}

output "WEB_ADDR" {
  value = "http://localhost:9090"
}
