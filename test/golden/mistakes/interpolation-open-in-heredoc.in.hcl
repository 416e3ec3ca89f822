container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env {
    key   = "CONFIG"
    value = <<EOF
name = ${env("NAME"
port = 80
EOF
  }
}

network "local" {
  subnet = "10.5.0.0/16"
}
