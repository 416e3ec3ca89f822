container "web" {
  command = ["a",
    "b"
  image = "nginx"
  bad = }
}
