resource "container" "web" { image { name = "x" } }
