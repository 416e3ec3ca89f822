exec_local "a" {
  cmd        = "true"
  depends_on = ["exec_local.b"]
}

exec_local "b" {
  cmd        = "true"
  depends_on = ["exec_local.a"]
}
