network "local" {
  subnet = null
}
