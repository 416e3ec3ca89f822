Kind = "service-defaults"
Name = "web"
Kind = "service-defaults"
Name = "api"
Protocol = "http"
Protocol { a = 1 }
