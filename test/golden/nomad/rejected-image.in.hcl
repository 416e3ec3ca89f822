job "db" {
  group "db" {
    task "db" {
      driver = "docker"
      config {
        image = "postgres:16"
      }
    }
  }
}
