primary_datacenter = "east"

server  = true
encrypt = "c2VjcmV0IHNlY3JldCBzZQ=="

acl {
  enabled        = true
  default_policy = "deny"
}

connect {
  enabled     = true
  ca_provider = "vault"
}

ports {
  https = 8501
}

watches = []
