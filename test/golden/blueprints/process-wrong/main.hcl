process "web" {
  command   = ["node server.js"]
  host_port = 8080
  protocol  = "htp"

  upstream "payments" {
    local_bind_port = 9091
  }

  upstream "currency" {
    local_bind_port = 9091
  }

  upstream "payments" {}
}

process "payments" {
  command = []
  port    = 9090
  connect = false
  service = "pay ments"

  upstream "currency" {
    local_bind_port = 9090
  }

  check {
    http = "health"
  }

  check {
    http = "/"
    tcp  = "9090"
  }

  check {
    tcp      = "localhost"
    interval = "5s"
  }

  check {
    exec     = ["./check.sh"]
    interval = "0s"
  }

  check {}
}

process "currency" {
  command    = ["sleep 5 && ls"]
  datacenter = "dc2"
  restart    = true
}
