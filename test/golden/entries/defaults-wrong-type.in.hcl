Kind = "service-defaults"
Name = "web"
Protocol = ["http"]
MaxInboundConnections = "many"
