# All that can be in a group beside one task: order, files, volumes, programs, services of tasks.
job "api" {
  group "api" {
    network {
      mode = "bridge"
      port "http" {}
      port "admin" {
        to = 8081
      }
    }

    volume "data" {
      type   = "host"
      source = "shared"
    }

    task "migrate" {
      driver = "raw_exec"
      lifecycle {
        hook = "prestart"
      }
      config {
        command = "local/migrate.sh"
        args    = ["--port", "${NOMAD_PORT_admin}", "${SHARED}"]
      }
      env {
        SHARED = "${NOMAD_ALLOC_DIR}/data"
      }
      template {
        destination = "local/migrate.sh"
        perms       = "755"
        data        = <<-EOF
          #!/bin/sh
          # {{/* for people */}}
          echo "${HOME}" {{ env "NOMAD_TASK_NAME" | toUpper }} {{- /* joined */ -}}
          !
        EOF
      }
    }

    task "agent" {
      driver = "exec"
      lifecycle {
        hook    = "prestart"
        sidecar = true
      }
      config {
        command = "tail"
        args    = ["-f", "/dev/null"]
      }
    }

    task "main" {
      driver = "docker"
      leader = true
      config {
        image   = "nicholasjackson/fake-service:v0.24.2"
        ports   = ["http"]
        volumes = ["local/conf:/etc/conf", "/srv/static:/static", "secrets/token:/token"]
        mount {
          type   = "tmpfs"
          target = "/tmp/scratch"
        }
      }
      volume_mount {
        volume      = "data"
        destination = "/data"
      }
      template {
        destination = "local/conf/app.conf"
        data        = "addr = {{ env \"NOMAD_ADDR_http\" }}\n"
      }
      template {
        destination     = "secrets/token"
        left_delimiter  = "<<"
        right_delimiter = ">>"
        data            = "<< envOrDefault \"TOKEN\" \"none\" >> {{ kept }}"
      }
      template {
        destination = "secrets/app.env"
        env         = true
        data        = <<EOF
# a comment
export LISTEN_ADDR=0.0.0.0:{{ env "NOMAD_PORT_http" }}
QUOTED="a b"
EOF
      }
      service {
        name = "admin-${NOMAD_GROUP_NAME}"
        port = "admin"
        check {
          type    = "script"
          command = "/bin/check"
          args    = ["${NOMAD_PORT_admin}"]
        }
        check {
          type     = "tcp"
          port     = "http"
          interval = "5s"
          timeout  = "1s"
        }
      }
    }
  }
}
