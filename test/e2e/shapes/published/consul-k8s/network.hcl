network "cloud" {
  subnet = "10.9.0.0/16"
}
