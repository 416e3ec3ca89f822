network "my net!" {
  subnet = "10.5.0.0/16"
}
