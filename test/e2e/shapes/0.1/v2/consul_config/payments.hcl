service {
  name    = "payments"
  id      = "payments-1"
  address = "10.6.0.110"
  port    = 9090

  connect {
    sidecar_service {
      port = 20000
    }
  }
}
