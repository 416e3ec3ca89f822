container "web" {
  image {
    name = "x"
  }
}
