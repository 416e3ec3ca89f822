nomad_job "web" {
  paths = ["x"]
}
