variable "db" {
  default = {
    host = "db.local"
    port = 5432
  }
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env {
    key   = "DB"
    value = var.db.hots
  }
}
