build "app" {
  container {
    context = "./src"
  }
}
