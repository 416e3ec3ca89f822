job "web" {
  group "web" {
    network {
      mode = "bridge"
      port "http" {
        to = 9090
      }
    }
    service {
      name = "web"
      port = "http"
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "payments"
              local_bind_port  = 9090
            }
            upstreams {
              destination_name = "currency"
              local_bind_port  = 9091
            }
            upstreams {
              destination_name      = "rates"
              destination_namespace = "bank"
              local_bind_port       = 9091
            }
          }
        }
      }
    }
    task "web" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
  }
}
