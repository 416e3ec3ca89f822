job "web" {
  grup "web" {
    task "web" {}
  }
  group "web" {
    cuont = 2
    network {
      prot "http" {}
    }
    task "web" {
      drivr = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
      }
    }
  }
}
