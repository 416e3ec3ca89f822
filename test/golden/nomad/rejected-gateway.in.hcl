job "ingress" {
  group "ingress" {
    network {
      mode = "bridge"
      port "inbound" {
        static = 8080
      }
    }
    service {
      name = "ingress"
      port = "8080"
      connect {
        gateway {
          ingress {
            listener {
              port = 8080
            }
          }
        }
      }
    }
    task "none" {
      driver = "exec"
      config {
        command = "true"
      }
    }
  }
}
