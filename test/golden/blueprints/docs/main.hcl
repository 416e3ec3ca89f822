docs "missing" {
  path = "./nowhere"
  port = 8080
}

docs "file" {
  path = "main.hcl"
  port = 8081
}

docs "pages" {
  path        = "./pages"
  port        = 8082
  index_pages = ["index", "service-mesh", "guide/second"]
}

docs "ports" {
  path            = "./pages"
  port            = "eighty"
  open_in_browser = "/index"
}
