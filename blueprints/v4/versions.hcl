# Which instances are v1, which v2, and who gets v2.

config_entry "payments_versions" {
  file = "consul_config/payments_resolver.hcl"
}

# It takes the place of v3's router, which stands there again when this blueprint goes.
config_entry "payments_groups" {
  file = "consul_config/payments_router.hcl"
}
