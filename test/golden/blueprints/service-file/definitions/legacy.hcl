service {
  name = "legacy"
  prot = 5432
}
