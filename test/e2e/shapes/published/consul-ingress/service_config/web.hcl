service {
  name = "web"
  id   = "web"
  port = 9090

  tags = ["vm"]

  meta {
    version = "1"
  }

  connect {
    sidecar_service {
      port = 20000

      proxy {
        upstreams {
          destination_name = "api"
          local_bind_port  = 9091
        }
      }
    }
  }
}
