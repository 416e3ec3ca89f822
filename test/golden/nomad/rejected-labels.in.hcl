job {
  group {
    count = 1
    task "a" "b" {
      driver = "exec"
    }
  }
}
