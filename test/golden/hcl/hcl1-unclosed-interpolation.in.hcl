Kind = "service-defaults"
Name = "web-${x"
Protocol = grpc
