Kind = "service-intentions"
Name = "web"
Sources = [
  {
    Name   = "api"
    Action = "permit"
  },
]
