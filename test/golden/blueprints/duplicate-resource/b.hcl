# Another file of the same folder.
network "local" {
  subnet = "10.5.0.0/16"
}
