Kind = "service-splitter"
Name = "web"
Splits = [
  {
    Weight = 50
    ServiceSubset = v1
  },
  { Weight = 50 ServiceSubset = null },
  { Weight = yes },
]
