Name = "web"
Tags = [
  "a",
  proxy "b" {
    Port = 1
  }
