Kind = "service-router"
Name = "web"
Routes = [
  {
    Destination {
      RequestTimeout = "5 seconds"
    }
  },
]
