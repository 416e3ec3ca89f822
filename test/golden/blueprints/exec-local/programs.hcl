exec_local "blank" {
  cmd = ""
}

exec_local "folder" {
  cmd               = "ls"
  working_directory = "./nope"
}

exec_local "file" {
  depends_on        = ["exec_local.shell"]
  cmd               = "ls"
  working_directory = "./main.hcl"
}

exec_local "shell" {
  cmd = "curl -s localhost:9090 | jq .name"
}
