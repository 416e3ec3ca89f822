datacenter = "#{{ .Vars.datacenter }}"
server     = true
ui         = true

bootstrap_expect = 1
client_addr      = "0.0.0.0"
data_dir         = "/tmp/consul"

connect {
  enabled = true
}

config_entries {
  bootstrap = [
    {
      kind = "proxy-defaults"
      name = "global"
      config {
        protocol = "#{{ .Vars.protocol }}"
      }
    }
  ]
}
