config_entry "payments" {
  file     = "./entries/payments.hcl"
  protocol = "http"
}

config_entry "web" {
  file = "./entries/wbe.hcl"
}
