# Half way: each request is sent to either of them, by chance.
Kind = "service-splitter"
Name = "payments"

Splits = [
  {
    Weight        = 50
    ServiceSubset = "v1"
  },
  {
    Weight        = 50
    ServiceSubset = "v2"
  },
]
