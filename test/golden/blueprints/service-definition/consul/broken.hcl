service {
  name = 
}
