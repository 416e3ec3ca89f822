job "web" {
  group "web" {
    network {
      port "http" {
        to = 9090
      }
    }
    service {
      name = "web"
      port = "http"
      connect {
        sidecar_service {}
      }
    }
    service {
      name = "native"
      port = "http"
      connect {
        native = true
      }
    }
    service {
      name = "nothing"
      port = "http"
      connect {}
    }
    service {
      name     = "nomad"
      port     = "http"
      provider = "nomad"
    }
    task "web" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
  }
}
