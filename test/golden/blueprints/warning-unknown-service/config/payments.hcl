service {
  name = "payments"
  port = 9090

  connect {
    sidecar_service {
      proxy {
        upstreams {
          destination_name = "webb"
          local_bind_port  = 9091
        }
        upstreams {
          destination_name = "web"
          datacenter       = "dc2"
          local_bind_port  = 9092
        }
      }
    }
  }
}
