network "local" {
  disabled = "maybe"
  subnet   = "10.5.0.0/16"
}
