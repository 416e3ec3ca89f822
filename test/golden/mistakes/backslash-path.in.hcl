copy "x" {
  source      = "C:\data\file"
  destination = "/tmp/x"
}
