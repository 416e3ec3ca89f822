job "web" {
  datacenters = ["east"]
  group "web" {
    network {
      port "grpc" {
        to = 9090
      }
    }
    service {
      name = "web"
      port = "grpc"
      check {
        type = "grpc"
      }
      check {
        type     = "http"
        protocol = "https"
        path     = "/"
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
