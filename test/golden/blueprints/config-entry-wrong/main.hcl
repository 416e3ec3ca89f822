config_entry "service-default" "payments" {
  protocol = "http"
}

config_entry "service-defaults" "web" {
  protocl         = "http"
  upstream_config = { defaults = { connect_timeout_ms = "soon" } }
}

config_entry "service-resolver" "payments" {
  ConnectTimeout = "5 seconds"
  default_subset = "v1"
}

config_entry "service-splitter" "payments" {
  splits = [
    { weight = 60, service = "payments" },
    { weight = 50, service = "payments-v2" },
  ]
}

config_entry "anything" {
  protocol = "http"
}

config_entry "service-defaults" "payments" "v2" {
}

config_entry "service-intentions" "payments" {
  sources = [{ name = "web", action = "alow" }]
}
