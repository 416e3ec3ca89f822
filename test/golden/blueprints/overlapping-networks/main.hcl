network "local" {
  subnet = "10.5.0.0/16"
}

network "inner" {
  subnet = "10.5.7.0/24"
}

network "apart" {
  subnet = "10.6.0.0/16"
}
