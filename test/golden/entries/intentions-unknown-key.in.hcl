Kind = "service-intentions"
Name = "web"
Sources = [
  {
    Nmae   = "api"
    Action = "allow"
  },
]
