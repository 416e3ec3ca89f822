job "web" {
  group "web" {
    network {
      port "http" {
        to = 9090
      }
      port "http2" {
        to = 9090
      }
      port "http" {}
    }
    service {
      name = "web"
      port = "htpp"
    }
    service {
      name = "metrics"
      port = "99999"
      check {
        type = "tcp"
        port = "metrics"
      }
    }
    task "web" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
        ports = ["htttp"]
      }
    }
  }
}
