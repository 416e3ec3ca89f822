network "local" {
  subnet =
}
