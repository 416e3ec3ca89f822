exec_local "line" {
  cmd = "consul config write ./defaults.hcl"
}

exec_local "empty" {
  cmd     = ""
  timeout = "soon"
}

exec_local "nothing" {
  args = ["a"]
}

exec_local "web" {
  cmd  = "sh"
  deamon = true
}
