# After: nobody is sent to v1 any more.
Kind = "service-splitter"
Name = "payments"

Splits = [
  {
    Weight        = 0
    ServiceSubset = "v1"
  },
  {
    Weight        = 100
    ServiceSubset = "v2"
  },
]
