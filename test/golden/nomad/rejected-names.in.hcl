job "web" {
  group "a b" {
    task "x y" {
      driver = "exec"
      config {
        command = "true"
      }
    }
  }
  group "twice" {
    task "one" {
      driver = "exec"
      config {
        command = "true"
      }
    }
    task "one" {
      driver = "exec"
      config {
        command = "true"
      }
    }
  }
  group "twice" {
    task "one" {
      driver = "exec"
      config {
        command = "true"
      }
    }
  }
}
