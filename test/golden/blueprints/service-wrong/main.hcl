service "legacy" {
  port = 5432
}

service "database" {
  address = "10.0.0.5"
  port    = 70000
  weights = { passing = 10 }

  check {
    exec = ["pg_isready"]
  }
}

service "a" "b" {
  address = "10.0.0.5"
}
