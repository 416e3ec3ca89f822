Kind = "proxy-defaults"
Name = "web"
