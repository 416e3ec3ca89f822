Kind = "api-gateway"
Name = "gw"
Listeners = [
  { Name = "one", Port = 8080, Protocol = "http", Override = { JWT = { Providers = [{ Name = "okta" }] } } },
]
