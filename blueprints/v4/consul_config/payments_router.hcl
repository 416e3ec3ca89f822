# There is one router for a service: the route of v3, and after it one by header. The first that matches counts.
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
      Service       = "currency"
      PrefixRewrite = "/"
    }
  },
  {
    Match {
      HTTP {
        Header = [
          {
            Name  = "X-Group"
            Exact = "dev"
          },
        ]
      }
    }

    Destination {
      Service       = "payments"
      ServiceSubset = "v2"
    }
  },
]
