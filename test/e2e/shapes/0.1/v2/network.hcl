network "local" {
  subnet = "10.6.0.0/16"
}
