config_entry "service-defaults" "payments" {
  protocol = "http"
}

config_entry "again" {
  kind     = "service-defaults"
  name     = "payments"
  protocol = "tcp"
}

config_entry "service-intentions" "payments" {
  sources = [{ name = "web", action = "allow" }]
}

intention "web-to-payments" {
  source      = "web"
  destination = "payments"
  action      = "allow"
}
