service {
  name = "api"
  id   = "api-v1"
  port = 9090

  tags = ["vm"]

  meta {
    version = "1"
  }

  connect {
    sidecar_service {
      port = 20000

      proxy {
      }
    }
  }
}
