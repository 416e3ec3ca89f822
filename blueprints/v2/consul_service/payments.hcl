service {
  name = "payments"
  id   = "payments"
  port = 9090

  meta {
    version = "1"
  }

  # One line makes it a member of the mesh.
  connect {
    sidecar_service {}
  }
}
