Kind = "service-router",
Name = "web"
Routes = [
  {
    Match {
      HTTP {
        PathPrefix = "/a" # prefix
        PathExact  = "/b"
    } }
    Destination { Service = "api", NumRetries = 3 }
  },
]
Meta { text = <<EOT
 x
EOT
y = "${ kept }" }
