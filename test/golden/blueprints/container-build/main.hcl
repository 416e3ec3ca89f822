container "web" {
  build {
    context = "./src"
    file    = "Dockerfile"
  }

  comand = ["serve"]
}
