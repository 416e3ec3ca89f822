network "docs" {
  subnet = "10.9.0.0/16"
}

docs "docs" {
  path             = "./content"
  port             = 18080
  live_reload_port = 37951
  open_in_browser  = true

  image {
    name = "shipyardrun/docs:v0.1.0"
  }

  index_title = "How to write pages"
  index_pages = ["index", "second"]

  network {
    name = "network.docs"
  }
}

container "tools" {
  image {
    name = "shipyardrun/tools:v0.3.0"
  }

  command = ["tail", "-f", "/dev/null"]

  network {
    name = "network.docs"
  }

  volume {
    source      = "./content"
    destination = "/files"
  }
}
