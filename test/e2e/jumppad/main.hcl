resource "blueprint" "shop" {
  title       = "A shop"
  authors     = ["Ada"]
  description = "Two services"
}

variable "network" {
  default = "10.66.0.0/16"
}

local "greeting" {
  value = "hello from ${resource.random_creature.env.value}"
}

resource "random_creature" "env" {}

resource "random_password" "db" {
  length  = 20
  special = false
}

resource "network" "main" {
  subnet = variable.network
}

resource "container" "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
  network {
    id         = resource.network.main.meta.id
    ip_address = "10.66.0.10"
    aliases    = ["web.shop"]
  }
  environment = {
    NAME    = "web"
    MESSAGE = local.greeting
    MADE    = "${dir()}/made/file"
  }
  port {
    local = 9090
    remote = 9090
    host  = 19190
  }
  health_check {
    timeout = "30s"
    http {
      address       = "http://localhost:19190/health"
      success_codes = [200]
    }
    exec {
      script = <<-EOF
        #!/bin/bash
        exit 3
      EOF
      exit_code = 3
    }
  }
}

resource "exec" "token" {
  depends_on = ["resource.container.web"]
  target     = resource.container.web
  script     = <<-EOF
    #!/bin/bash -e
    echo "TOKEN=abc123" >> $EXEC_OUTPUT
    echo "NAME=$NAME" >> $EXEC_OUTPUT
  EOF
}

resource "template" "config" {
  source      = <<-EOF
    token = {{ quote token }}
    name  = {{ name }}
    addr  = {{ address }}
  EOF
  destination = "./made/config.txt"
  variables = {
    token   = resource.exec.token.output.TOKEN
    name    = resource.exec.token.output.NAME
    address = resource.container.web.network[0].assigned_address
  }
}

resource "http" "call" {
  method = "GET"
  url    = "http://${resource.container.web.container_name}:9090/"
}

resource "ingress" "web" {
  port = 19191
  target {
    resource = resource.container.web
    port     = 9090
  }
}

resource "certificate_ca" "root" {
  output = "./certs"
}

resource "certificate_leaf" "web" {
  ca_key    = resource.certificate_ca.root.private_key.path
  ca_cert   = resource.certificate_ca.root.certificate.path
  dns_names = ["localhost"]
  output    = "./certs"
}

resource "task" "file" {
  description = "Make a file"
  config {
    target = resource.container.web
  }
  condition "file" {
    description = "There is a file"
    check {
      script          = "scripts/check.sh"
      failure_message = "Make it"
    }
    solve {
      script = "touch $MADE"
    }
  }
}

resource "chapter" "intro" {
  title = "Introduction"
  tasks = {
    file = resource.task.file
  }
  page "start" {
    content = file("./docs/start.mdx")
  }
}

resource "book" "guide" {
  title    = "The guide"
  chapters = [resource.chapter.intro]
}

resource "docs" "site" {
  port    = 19192
  content = [resource.book.guide]
}

output "token" {
  value = resource.exec.token.output.TOKEN
}
output "status" {
  value = resource.http.call.status
}
output "ingress" {
  value = resource.ingress.web.local_address
}
output "leaf" {
  value = resource.certificate_leaf.web.certificate.filename
}
