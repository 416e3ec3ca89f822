Kind = "service-router"
Routes = [
  { Match { HTTP { PathPrefix = "/" } } },
Name = "web"
Protocol = "http"
