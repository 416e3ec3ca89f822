Kind = "jwt-provider"
Name = "okta"
JSONWebKeySet { Local { Filename = "jwks.json" } }
Locations = [
  { Header = { Name = "" } },
  { Cookie = { Name = "c" }, QueryParam = { Name = "q" } },
]
