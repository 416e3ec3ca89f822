data_dir         = "/tmp/"
log_level        = "DEBUG"
datacenter       = "dc1"
server           = true
bootstrap_expect = 3
ui               = true
bind_addr        = "0.0.0.0"
client_addr      = "0.0.0.0"

retry_join = ["10.9.0.201", "10.9.0.202", "10.9.0.203"]

ports {
  grpc = 8502
}

connect {
  enabled = true
}
