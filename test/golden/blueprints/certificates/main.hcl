certificate_ca "root" {
  output = "./certs"
}

certificate_leaf "web" {
  ca_key  = "./certs/root.key"
  ca_cert = "./certs/rot.cert"

  ip_addresses = ["127.0.0.1", "localhost", "10.5.0"]
  dns_names    = ["localhost", "my host"]

  output = "./certs"
}

certificate_leaf "root" {
  ca_key  = "./certs/root.key"
  ca_cert = "./certs/root.cert"
  output  = "./certs"
}
