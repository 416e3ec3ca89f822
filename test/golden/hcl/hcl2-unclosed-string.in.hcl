container "web" {
  image = "nginx
  env   = { NAME = "web }
  cmd   = "${name"
  args  = ["a"]
}
