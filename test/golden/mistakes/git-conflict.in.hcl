<<<<<<< HEAD
network "local" {
  subnet = "10.5.0.0/16"
}
=======
network "local" {
  subnet = "10.6.0.0/16"
}
>>>>>>> main
