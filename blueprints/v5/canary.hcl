# The beginning of a canary: everybody stays on v1. The next steps are written by hand, `mesh config write` with the files
# beside this one, and whatever stands there at the end goes with the blueprint.
config_entry "payments_canary" {
  file          = "consul_config/splitter_100_0.hcl"
  force_destroy = true
}
