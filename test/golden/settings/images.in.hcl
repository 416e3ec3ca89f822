image {
  command = ["node"]
}

image "acme/api" "v1" {
  command = ["node"]
}

image "acme/api" {
  comand = ["node", "server.js"]
}

image "acme/web" {
  command           = []
  working_directory = "web"
}

image "acme/db" {
  command = ["db"]
  ports   = ["many"]
  env     = { A = ["b"] }
}

image "acme/cache" {
  command = ["cache"]
}

image "acme/cache" {
  command = ["other"]
}
