service {
  name = "payments"
  id   = "payments"
  port = 9090

  connect {
    sidecar_service {}
  }
}
