Kind = 5
Name = "web"
