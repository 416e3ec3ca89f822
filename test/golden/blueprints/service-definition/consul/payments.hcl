service {
  name = "payments"
  prot = 9090
  port = "nine"
}
