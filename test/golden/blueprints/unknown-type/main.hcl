contaner "web" {
  image = 1
}

widget "x" {}
