job "web" {
  group "web" {
    task "before" {
      driver = "exec"
      lifecycle {
        hook = "prestart"
      }
      config {
        command = "true"
      }
    }
  }
  group "after" {
    task "main" {
      driver = "exec"
      config {
        command = "true"
      }
    }
    task "after" {
      driver = "exec"
      lifecycle {
        hook = "poststop"
      }
      config {
        command = "true"
      }
    }
  }
}
