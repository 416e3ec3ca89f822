Kind = "service-defaults"
Name = "web"
UpstreamConfig {
  Defaults {
    PassiveHealthCheck {
      Interval = "10"
    }
  }
}
