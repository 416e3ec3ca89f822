Kind = "service-router"
Name = "payments"
Routes = [
  {
    Match { HTTP { PathPrefix = "/v2" } }
    Destination { ServiceSubset = "v2" }
  }
]
