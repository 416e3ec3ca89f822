# Before: v2 runs, and nobody is sent to it.
Kind = "service-splitter"
Name = "payments"

Splits = [
  {
    Weight        = 100
    ServiceSubset = "v1"
  },
  {
    Weight        = 0
    ServiceSubset = "v2"
  },
]
