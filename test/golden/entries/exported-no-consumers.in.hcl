Kind = "exported-services"
Name = "default"
Services = [
  { Name = "web" },
  { Name = "api", Consumers = [{ Peer = "*" }, { Partition = "other" }] },
]
