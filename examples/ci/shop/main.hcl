process "web" {
  command   = ["node", "../web.js"]
  port      = 8080
  host_port = 18080

  upstream "payments" {
    local_bind_port = 9091
  }
}

process "payments" {
  command = ["node", "../payments.js"]
  port    = 9090
}

config_entry "service-defaults" "payments" {
  protocol = "http"
}

# Nobody may call payments but web, and web may only read.
config_entry "service-intentions" "payments" {
  sources = [
    {
      name = "web"
      permissions = [
        {
          action = "allow"
          http = {
            path_prefix = "/v1/"
            methods     = ["GET"]
          }
        },
        {
          action = "deny"
          http = {
            path_prefix = "/"
          }
        },
      ]
    },
    {
      name   = "*"
      action = "deny"
    },
  ]
}

output "web" {
  value = "http://localhost:18080"
}
