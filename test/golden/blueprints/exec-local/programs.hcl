exec_local "blank" {
  cmd = ""
}

exec_local "shell" {
  cmd = "curl -s localhost:9090 | jq .name"
}
