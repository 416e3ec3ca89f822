template "config" {
  source      = "name = \"#{{ .Vars.nam }}\""
  destination = "./made/config.hcl"
  vars        = { name = "web" }
}

container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  volume {
    source      = "./made"
    destination = "/config"
  }
}

exec_remote "both" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }

  network {
    name = "network.local"
  }

  target = "container.web"
  cmd    = "cat"
  args   = ["/config/config.hcl"]
}

exec_local "later" {
  depends_on        = ["container.web"]
  cmd               = "./build.sh"
  working_directory = "./clone"
}

network "local" {
  subnet = "10.5.0.0/16"
}
