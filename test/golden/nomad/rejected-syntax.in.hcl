job "web" {
  group "web" {
    count = 
    task "web" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2
      }
    }
  }
}
