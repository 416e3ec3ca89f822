Kind = "service-splitter"
Name = "web"
Splits = [
  {
    Weight = "half"
  },
]
