job "web" {
  group "web" {
    task "a" {
      driver = "dcoker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
    task "b" {
      driver = "java"
      config {
        jar_path = "local/app.jar"
      }
    }
    task "c" {
      driver = "docker"
      config {
        imgae = "nicholasjackson/fake-service:v0.24.2"
      }
    }
    task "d" {
      driver = "raw_exec"
    }
    task "e" {
      driver = "exec"
      config {
        command = ["ls", "-l"]
      }
    }
  }
}
