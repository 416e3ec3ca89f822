exec "empty" {
  script = ""
}

exec "strange" {
  script = <<-EOF
    #!/usr/bin/env lua
    print("x")
  EOF
}

exec "nowhere" {
  script            = "ls"
  working_directory = "./scripts"
}

exec "image" {
  script = "ls"

  image {
    name = "ubuntu:22.04"
  }
}

exec "everything" {
  script = "ls"
  target = "container.web"

  image {
    name = "shipyardrun/tools:v0.6.0"
  }
}

container "web" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
}
