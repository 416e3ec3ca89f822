job "web" {
  group "web" {
    task "web" {
      driver = "docker"
      config {
        image   = "nicholasjackson/fake-service:v0.24.2"
        volumes = ["local/ap.conf:/etc/app.conf", "nonsense"]
      }
      template {
        destination = "local/app.conf"
        data        = <<EOF
first line
db = {{ key "db/address" }}
EOF
      }
      template {
        destination = "local/b.conf"
        data        = "{{ range service \"web\" }}{{ .Address }}{{ end }}"
      }
      template {
        destination = "local/c.conf"
        data        = "{{ evn \"HOME\" }}"
      }
      template {
        destination = "local/d.conf"
        data        = "a {{ env \"HOME\""
      }
      template {
        destination = "local/e.conf"
      }
      template {
        destination = "local/f.conf"
        data        = "{{ env }}"
      }
    }
  }
}
