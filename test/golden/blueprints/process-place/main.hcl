process "web" {
  command           = ["node", "server.js"]
  working_directory = "./main.hcl"
}

process "payments" {
  command           = ["node", "server.js"]
  working_directory = "./payments"
}

process "api" {
  working_directory = "."
  port              = "http"
}
