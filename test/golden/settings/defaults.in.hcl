defaults {
  rnu {
    timeout = "90s"
  }
  run {
    tmeout    = "90s"
    timeout   = "90x"
    ports     = "any"
    http_port = 70000
    browser   = "perhaps"
    var       = ["region=eu"]
    replace   = ["v1"]
  }
  up {
    quiet = true
  }
  purge {
    yes = true
  }
  resume {
    timeout = "0s"
  }
  agent {
    log_level = "loud"
    stop {}
  }
  config {
    http_addr = "127.0.0.1:8501"
  }
  check {
    json = true
  }
  doctor {
    json = true
  }
}
