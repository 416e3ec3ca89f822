network "azure" {
  subnet = "10.5.0.0/16"
}

network "wan" {
  subnet = "192.168.0.0/16"
}
