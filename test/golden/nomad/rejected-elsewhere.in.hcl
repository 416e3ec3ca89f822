job "web" {
  parameterized {
    payload = "required"
  }
  group "web" {
    volume "db" {
      type   = "csi"
      source = "db"
    }
    task "web" {
      driver = "docker"
      vault {
        policies = ["web"]
      }
      artifact {
        source = "https://example.com/app.tar.gz"
      }
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
  }
}
