Kind = "http-route"
Name = "routes"
Hostnames = ["*.example.com"]
Parents = [{ Kind = "ingress-gateway", Name = "gw" }]
Rules = [
  {
    Matches = [
      { Method = "FETCH", Path = { Match = "exact", Value = "admin" } },
      { Headers = [{ Match = "is", Name = "x" }], Query = [{ Match = "exact" }] },
    ]
    Services = [{ Name = "web" }]
  },
]
