Kind = "service-default"
Name = "web"
