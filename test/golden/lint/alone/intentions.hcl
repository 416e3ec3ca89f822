Kind = "service-intentions"
Name = "*"
Sources = [
  { Name = "*" Action = "deny" },
  { Name = "web" Action = "allow" },
]
---
Kind = "service-intentions"
Name = "payments"
Sources = [
  { Name = "*" Action = "deny" },
  { Name = "wbeshop" Action = "allow" },
]
---
Kind = "service-intentions"
Name = "orders"
Sources = [
  { Name = "webshop" Action = "allow" },
]
---
Kind = "service-defaults"
Name = "webshop"
Protocol = "http"
