Kind = "service-router"
Name = "web"
Routes = [
  {
    Match {
      HTTP {
        PathPrefix = "a"
        PathExact  = "/b"
      }
    }
  },
]
