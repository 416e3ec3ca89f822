import type { Examples } from './index.ts';

export const mesh: Examples = {
  config_entry: `
config_entry "service-defaults" "payments" {
  protocol = "http"
}

config_entry "service-router" "payments" {
  routes = [
    {
      match       = { http = { path_prefix = "/v2" } }
      destination = { service = "payments-v2", prefix_rewrite = "/" }
    }
  ]
}

config_entry "service-defaults" "payments-v2" {
  protocol = "http"
}
`,
  intention: `
intention "web-to-payments" {
  source      = "web"
  destination = "payments"
  action      = "allow"
}

intention "nobody-else" {
  source      = "*"
  destination = "payments"
  action      = "deny"
}
`,
  service: `
service "legacy" {
  address = "127.0.0.1"
  port    = 5432
  tags    = ["database"]

  check {
    tcp      = "5432"
    interval = "5s"
  }
}
`,
};
