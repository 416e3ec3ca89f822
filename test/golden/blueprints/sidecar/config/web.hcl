service {
  name = "web"
  port = 9090

  connect {
    sidecar_service {
      proxy {
        upstreams {
          destination_name = "payments"
          local_bind_port  = 9091
        }
      }
    }
  }
}
