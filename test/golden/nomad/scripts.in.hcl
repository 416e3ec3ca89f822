# What stands between ${ and } is the task's own, but for the text of a template: that may be a script.
job "web" {
  group "web" {
    task "main" {
      driver = "exec"
      config {
        command = "sh"
        args    = ["-c", "echo $${NOMAD_JOB_NAME} ${A_B} $PATH"]
      }
      env {
        A_B = "${NOMAD_TASK_NAME}"
      }
      template {
        destination = "local/${NOMAD_TASK_NAME}.sh"
        perms       = "0755"
        data        = "echo ${HOME} $${PATH} %{ if true }{{ env \"A_B\" }}%{ endif }"
      }
    }
  }
}
