job "web" {
  group "web" {
    volume "data" {
      type   = "host"
      source = "data"
    }
    task "web" {
      driver = "docker"
      volume_mount {
        volume      = "dta"
        destination = "/data"
      }
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
  }
}
