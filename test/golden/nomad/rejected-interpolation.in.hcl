job "web" {
  group "web" {
    network {
      port "http" {
        to = 9090
      }
    }
    task "web" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.24.2"
        args  = ["${LISTEN_ADR}"]
      }
      env {
        LISTEN_ADDR = "0.0.0.0:${NOMAD_PORT_htp}"
        ZONE        = "${meta.zone}"
        UPSTREAM    = "${NOMAD_UPSTREAM_ADDR_payments}"
      }
    }
  }
}
