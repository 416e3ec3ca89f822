network "local" {
  subnet = “10.5.0.0/16”
}
