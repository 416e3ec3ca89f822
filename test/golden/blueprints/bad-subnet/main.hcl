network "a" {
  subnet = "10.5.0.0"
}

network "b" {
  subnet = "10.5.0.0/33"
}

network "c" {
  subnet = "10.5.0/16"
}
