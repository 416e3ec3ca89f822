random_number "backwards" {
  minimum = 10
  maximum = 9
}

random_password "nothing" {
  length  = 8
  special = false
  numeric = false
  lower   = false
  upper   = false
}

random_password "forbidden" {
  length      = 8
  numeric     = false
  min_numeric = 2
}

random_password "short" {
  length    = 4
  min_lower = 3
  min_upper = 2
}

random_id "none" {
  byte_length = 0
}
