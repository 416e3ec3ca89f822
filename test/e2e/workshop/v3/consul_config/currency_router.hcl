Kind = "service-router"
Name = "payments"
Routes = [
  {
    Match {
      HTTP {
        PathPrefix = "/currency"
      }
    }

    Destination {
      Service = "currency"
    }
  },
]
