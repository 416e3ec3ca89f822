KIND = "service-defaults"
Name = "web"
