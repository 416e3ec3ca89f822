job "web" {
  dynamic "group" {
    for_each = ["a", "b"]
    labels   = [group.value]
    content {
      task "main" {
        driver = "exec"
        config {
          command = "true"
        }
      }
    }
  }
  group "web" {
    task "web" {
      driver = "exec"
      config {
        command = "true"
      }
      dynamic "template" {
        for_each = ["a", "b"]
        content {
          destination = "local/${template.value}"
          data        = template.value
        }
      }
    }
  }
}
