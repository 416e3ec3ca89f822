container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  volume {
    source      = "."
    destination = "/config"
  }
}

exec_remote "nowhere" {
  cmd = "sh"
}

exec_remote "unknown" {
  image {
    name = "curlimages/curl:latest"
  }

  cmd  = "curl"
  args = ["web.container.shipyard.run:9090"]
}

exec_remote "elsewhere" {
  target = "container.wbe"
  cmd    = "sh"
}

exec_remote "folder" {
  target            = "container.web"
  cmd               = "sh"
  working_directory = "/configuration"
}

exec_remote "line" {
  target            = "container.web"
  cmd               = "sh -c 'exit 1'"
  working_directory = "/config/below"
}
