docs "docs" {
  path        = "./docs"
  port        = 8080
  index_pages = ["index", "mesh"]
}

template "later" {
  source      = "# Made\n"
  destination = "./docs/made.md"
}
