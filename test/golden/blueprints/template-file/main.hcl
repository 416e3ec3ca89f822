template "read" {
  source      = file("./config.tpl")
  destination = "./made/read.hcl"
  vars        = { name = "web" }
}
