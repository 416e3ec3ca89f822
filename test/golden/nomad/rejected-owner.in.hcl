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
      task = "wbe"
      check {
        type = "http"
      }
      check {
        type = "tcp"
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
