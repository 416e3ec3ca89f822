# Whoever calls payments at /currency gets currency, which knows nothing of that prefix: there it is /. Everything else
# goes to payments as before.
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
]
