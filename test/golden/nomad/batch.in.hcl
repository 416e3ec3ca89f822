job "report" {
  type = "batch"

  periodic {
    cron = "@daily"
  }

  group "all" {
    count = 2
    restart {
      attempts = 1
    }
    task "run" {
      driver = "exec"
      config {
        command = "echo"
        args    = ["${NOMAD_ALLOC_NAME}"]
      }
    }
  }
}
