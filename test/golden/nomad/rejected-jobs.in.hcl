jbo "web" {
}
job "web" {
  group "web" {
    task "web" {
      driver = "exec"
      config {
        command = "true"
      }
    }
  }
}
job "other" {
  group "web" {}
}
name = "web"
