exec_local "a" {
  cmd        = "true"
  depends_on = "network.lokal"
}

network "local" {
  subnet = "10.5.0.0/16"
}
