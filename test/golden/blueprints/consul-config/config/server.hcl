datacenter = "azure"
server     = true
bind_adr   = "0.0.0.0"

ports {
  http  = 8500
  gprc  = 8502
}

config_entries {
  bootstrap {
    kind = "proxy-defaults"
    name = "globl"

    config {
      protocol = "http"
    }
  }

  bootstrap {
    kind     = "service-defaults"
    name     = "web"
    protocal = "http"
  }
}
