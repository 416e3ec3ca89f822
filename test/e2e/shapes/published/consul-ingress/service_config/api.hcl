service {
  name = "api"
  id   = "api"
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
