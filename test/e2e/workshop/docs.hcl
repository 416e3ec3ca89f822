docs "docs" {
  path             = "./docs"
  port             = 8080
  live_reload_port = 37950
  open_in_browser  = true

  index_title = "Workshop"
  index_pages = ["index", "static", "mesh"]

  network {
    name = "network.azure"
  }
}
