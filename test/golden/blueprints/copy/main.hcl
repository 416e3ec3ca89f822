copy "missing" {
  source      = "./files"
  destination = "./made"
}

copy "remote" {
  source      = "https://example.com/files.tar.gz"
  destination = "./made"
}

copy "mode" {
  source      = "./main.hcl"
  destination = "./made/"
  permissions = "rw-r--r--"
}

copy "inside" {
  source      = "."
  destination = "./made"
}
