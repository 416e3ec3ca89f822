# HCL 1, before Nomad 1.0: quoted keys, port_map, ports in resources.
job "cache" {
  datacenters = ["dc*"]
  group "cache" {
    task "redis" {
      driver = "docker"
      config {
        image = "nicholasjackson/fake-service:v0.9.0"
        port_map {
          db = 6379
        }
      }
      env {
        "LISTEN_ADDR" = "0.0.0.0:${NOMAD_PORT_db}"
        "ADDR" = "${NOMAD_ADDR_redis_db}"
      }
      resources {
        cpu = 500
        network {
          mbits = 10
          port "db" {}
        }
      }
      service {
        name = "redis"
        port = "db"
        check {
          name     = "alive"
          type     = "tcp"
          interval = "10s"
          timeout  = "2s"
        }
      }
    }
  }
}
