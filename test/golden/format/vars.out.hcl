region = "eu"
ports  = [80, 443]
