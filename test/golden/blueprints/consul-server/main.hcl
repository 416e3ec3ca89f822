container "flags" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-dev", "-datacentre=azure", "-http-port", "many", "stray", "-node"]
}

container "files" {
  image {
    name = "hashicorp/consul:1.15"
  }
  command = ["consul", "agent", "-config-file=/etc/server.hcl", "-config-dir", "/nowhere"]

  volume {
    source      = "./config"
    destination = "/config"
  }
}

container "names" {
  image {
    name = "consul:1.7.2"
  }
  command = ["agent", "-server", "-datacenter=eu/west", "-hcl", "bind_adr = \"0.0.0.0\""]
}

container "local" {
  image {
    name = "consul:1.7.2"
  }
  env_var = {
    CONSUL_LOCAL_CONFIG = "{ \"datacenter\": \"local\", \"retry_jion\": [] }"
  }
}
