network "local" {
  subnet = "10.5.0.0/16"
  subnet = "10.6.0.0/16"
}
