docs "docs" {
  path = "./pages"
  port = 8080
}
