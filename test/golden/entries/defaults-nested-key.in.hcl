Kind = "service-defaults"
Name = "web"
UpstreamConfig {
  Defaults {
    ConnectTimeout = 100
  }
}
