exec_local "x" {
  cmd     = "true"
  timeout = "30"
}

exec_local "y" {
  cmd     = "true"
  timeout = "30 seconds"
}
