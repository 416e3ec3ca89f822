container "web" {
  image =
  command = [1, , 2]
  port {
    local = 
  }
}
