job "web" {
  type = "servce"
  group "web" {
    count = -1
    network {
      port "http" {
        to = 70000
      }
    }
    task "web" {
      driver       = "docker"
      kill_timeout = "soon"
      env          = "A=b"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
  }
}
