Kind = "service-intentions"
Name = "web"
