# mesh config write v2/consul_service/payments_defaults.hcl
#
# Until this is written, payments is plain tcp to the mesh: bytes without meaning. As http, its sidecars understand
# requests, which is what routing, splitting and rules by path need.
Kind     = "service-defaults"
Name     = "payments"
Protocol = "http"
