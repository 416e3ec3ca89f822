variable "datacenter" {
  default = "dc1"
}

variable "consul_version" {
  default = "1.9.5"
}

variable "consul_ip" {
  default = "10.7.0.200"
}

variable "enable_smoke_test" {
  default = false
}

network "shop" {
  subnet = "10.7.0.0/16"
}

module "consul" {
  source = "./modules/consul"
}

module "kubernetes" {
  source     = "./modules/kubernetes"
  depends_on = ["module.consul"]
}

template "payments_service" {
  source = <<-EOF
  service {
    name = "#{{ .Vars.name }}"
    id   = "#{{ .Vars.name }}-1"
    port = #{{ .Vars.port }}

    tags = [#{{ range $i, $tag := .Vars.tags }}#{{ if $i }}, #{{ end }}"#{{ $tag }}"#{{ end }}]

    #{{- if eq .Vars.name "payments" }}

    meta {
      place = "vm"
    }
    #{{- end }}

    connect {
      sidecar_service {}
    }
  }
  EOF

  destination = "${data("payments")}/payments.hcl"

  vars = {
    name = "payments"
    port = 9090
    tags = ["v1", "vm"]
  }
}

container "payments" {
  depends_on = ["module.consul", "template.payments_service"]

  image {
    name = "nicholasjackson/fake-service:vm-v0.22.7"
  }

  network {
    name       = "network.shop"
    ip_address = "10.7.0.110"
  }

  volume {
    source      = data("payments")
    destination = "/config"
  }

  env {
    key   = "CONSUL_SERVER"
    value = "consul.container.shipyard.run"
  }

  env {
    key   = "CONSUL_DATACENTER"
    value = var.datacenter
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
    value = "payments of 0.3, meshed"
  }
}

ingress "web" {
  source {
    driver = "local"

    config {
      port = 9090
    }
  }

  destination {
    driver = "k8s"

    config {
      cluster = "k8s_cluster.${var.datacenter}"
      address = "web.default.svc"
      port    = 9090
    }
  }
}

exec_local "smoke_test" {
  disabled = !var.enable_smoke_test

  cmd        = "curl"
  args       = ["-sf", "http://localhost:9090"]
  depends_on = ["ingress.web"]
}

output "WEB_ADDR" {
  value = "http://localhost:9090"
}

output "CONSUL_HTTP_ADDR" {
  value = "http://${docker_ip()}:18500"
}

output "KUBECONFIG" {
  value = k8s_config(var.datacenter)
}
