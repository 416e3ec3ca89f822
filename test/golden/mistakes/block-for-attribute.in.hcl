network "local" {
  subnet {
    cidr = "10.5.0.0/16"
  }
}
