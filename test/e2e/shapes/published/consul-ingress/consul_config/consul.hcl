data_dir         = "/tmp/"
datacenter       = "dc1"
server           = true
bootstrap_expect = 1
ui_config {
  enabled = true
}
client_addr = "0.0.0.0"

connect {
  enabled = true
}

ports {
  grpc = 8502
}

config_entries {
  bootstrap = [
    {
      kind = "proxy-defaults"
      name = "global"
      config {
        protocol = "http"
      }
    },
  ]
}
