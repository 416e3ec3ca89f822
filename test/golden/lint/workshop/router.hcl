Kind = "service-router"
Name = "payments"
Routes = [
  {
    Match { HTTP { PathPrefix = "/v2" } }
    Destination { Service = "payments" ServiceSubset = "v9" }
  },
  {
    Match { HTTP { PathExact = "/v2/x" } }
    Destination { Service = "curency" }
  }
]
