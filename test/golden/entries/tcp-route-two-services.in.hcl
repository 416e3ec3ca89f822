Kind = "tcp-route"
Name = "routes"
Parents = [{ Name = "gw" }, { Name = "gw" }]
Services = [{ Name = "a" }, { Name = "b" }]
