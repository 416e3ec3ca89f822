intention "one" {
  source      = "web"
  destination = "payments"
  action      = "allowed"
}

intention "two" {
  source      = "web"
  destination = "payments"
}

intention "three" {
  source      = "we*"
  destination = "payments"
  action      = "deny"
  permissions = [{ action = "allow", http = { path_prefix = "v1" } }]
}

intention "four" {
  source     = "web"
  target     = "payments"
  action     = "allow"
  datacenter = "dc-1"
}
