Kind = "api-gateway"
Name = "gw"
Listeners = [
  { Name = "one", Port = 8080, Protocol = "tcp", Override = { JWT = { Providers = [{ Name = "okta" }] } } },
  { Name = "two", Port = 8081, Protocol = "http", Default = { JWT = { Providers = [{ Nmae = "okta" }] } } },
]
