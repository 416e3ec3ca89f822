service {
  id   = "payments-1"
  name = "payments"
  port = 9090

  meta = {
    version = "1"
  }

  connect {
    sidecar_service {}
  }
}
