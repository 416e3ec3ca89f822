service "legacy" {
  address = "10.0.0.5"
  file    = "./definitions/legacy.hcl"
}

service "both" {
  file = "./both.json"
}
