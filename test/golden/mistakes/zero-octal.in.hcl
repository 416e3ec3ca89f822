copy "x" {
  source      = "main.hcl"
  destination = "/tmp/x"
  permissions = 0644
}
