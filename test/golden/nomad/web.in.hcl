variable "version" {
  default = "v0.24.2"
}

locals {
  image = "${local.repository}:${var.version}"
  repository = "nicholasjackson/fake-service"
}

job "web" {
  datacenters = ["dc1"]
  type        = "service"

  meta {
    team = "shop"
  }

  update {
    max_parallel = 1
  }

  group "web" {
    count = 2

    network {
      mode = "bridge"
      port "http" {
        static = 19090
        to     = 9090
      }
    }

    restart {
      attempts = 2
      interval = "30m"
      delay    = "15s"
      mode     = "fail"
    }

    service {
      name = "web"
      port = "http"
      tags = ["${NOMAD_ALLOC_INDEX}", "v1"]

      check {
        type     = "http"
        path     = "/health"
        interval = "3s"
        timeout  = "1s"
      }

      connect {
        sidecar_service {
          proxy {
            config {
              protocol = "http"
            }
            upstreams {
              destination_name = "payments"
              local_bind_port  = 9091
            }
            upstreams {
              destination_name = "nearest-rates"
              destination_type = "prepared_query"
              local_bind_port  = 9093
            }
            upstreams {
              destination_name = "currency-api"
              datacenter       = "dc2"
              local_bind_port  = 9092
              mesh_gateway {
                mode = "local"
              }
            }
          }
        }
      }
    }

    task "web" {
      driver       = "docker"
      kill_timeout = "10s"

      config {
        image = local.image
        ports = ["http"]
      }

      env {
        LISTEN_ADDR   = "0.0.0.0:${NOMAD_PORT_http}"
        UPSTREAM_URIS = "http://${NOMAD_UPSTREAM_ADDR_payments},http://${NOMAD_UPSTREAM_ADDR_currency_api}"
        NAME          = "${NOMAD_JOB_NAME}-${NOMAD_ALLOC_INDEX}"
        NODE          = "${node.unique.name} in ${node.datacenter}, ${attr.kernel.name}"
        TEAM          = "${meta.team} ${NOMAD_META_TEAM}"
        ID            = "${NOMAD_ALLOC_ID} ${NOMAD_SHORT_ALLOC_ID}"
        ADDR          = env["NOMAD_ADDR_http"]
      }

      resources {
        cpu    = 100
        memory = 128
      }
    }
  }
}
