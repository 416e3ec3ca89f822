# What the mesh is told, in files as `mesh config write` takes them. With the blueprint it is taken back.

# Routes by path need both sides to speak http: a service that says nothing is plain tcp.
config_entry "payments_defaults" {
  file = "consul_config/payments_defaults.hcl"
}

config_entry "currency_defaults" {
  file = "consul_config/currency_defaults.hcl"
}

config_entry "payments_router" {
  file = "consul_config/payments_router.hcl"
}
