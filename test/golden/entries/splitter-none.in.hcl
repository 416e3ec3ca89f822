Kind = "service-splitter"
Name = "web"
Split = []
