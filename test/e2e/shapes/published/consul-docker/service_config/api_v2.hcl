service {
  name = "api"
  id   = "api-v2"
  port = 9090

  tags = ["vm"]

  meta {
    version = "2"
  }

  connect {
    sidecar_service {
      port = 20000

      proxy {
      }
    }
  }
}
