timeout = "90s"

default {
  run {
    timeout = "90s"
  }
}

defaults "run" {
  timeout = "90s"
}

defaults {
  run {
    timeout = env("TIMEOUT", "90s")
  }
}

defaults {
  run {
    quiet = true
  }
}

container "web" {
  image { name = "acme/web" }
}
