resource "container" "web" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
  env_var = {
    NAME = "web"
  }
  health_check {
    timeout = "30s"
    http    = "http://localhost:9090/health"
  }
}

resource "container" "checked" {
  image {
    name = "nicholasjackson/fake-service:v0.26.2"
  }
  network {
    ip_address = "10.5.0.1"
  }
  health_check {
    http {
      address = "localhost:9090"
    }
    tcp {
      address = "localhost"
    }
    exec {
      exit_code = 1
    }
  }
}

resource "ingress" "web" {
  port = 18080
  target {
    resource   = resource.container.checked
    named_port = "http"
  }
}

resource "ingress" "exposed" {
  port         = 18081
  expose_local = true
  target {
    resource = resource.container.checked
    port     = 9090
  }
}

resource "template" "config" {
  source = <<-EOF
    name = {{ nmae }}
    size = {{ upper size }}
  EOF

  destination = "./config.txt"

  variables = {
    name = "web"
    size = "s"
  }
}

resource "template" "broken" {
  source = <<-EOF
    {{#if on}}
    on
    {{/unless}}
  EOF

  destination = "./broken.txt"

  variables = {
    on = true
  }
}
