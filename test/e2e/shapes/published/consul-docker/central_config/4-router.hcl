kind = "service-router"
name = "api"

routes = [
  {
    match {
      http {
        header = [
          {
            name  = "x-version"
            exact = "1"
          },
        ]
      }
    }

    destination {
      service        = "api"
      service_subset = "v1"
    }
  },
]
