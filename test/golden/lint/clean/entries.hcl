service-defaults "web" {
  protocol = "http"
}

service-defaults "payments" {
  protocol = "http"
}

service-resolver "payments" {
  default_subset = "v1"
  subsets = {
    v1 = { filter = "Service.Meta.version == 1" }
    v2 = { filter = "Service.Meta.version == 2" }
  }
}

service-splitter "payments" {
  splits = [
    { weight = 90, service_subset = "v1" },
    { weight = 10, service_subset = "v2" },
  ]
}

service-intentions "payments" {
  sources = [
    {
      name = "web"
      permissions = [
        { action = "allow", http = { path_prefix = "/api" } },
        { action = "deny", http = { path_prefix = "/" } },
      ]
    },
    { name = "*", action = "deny" },
  ]
}
