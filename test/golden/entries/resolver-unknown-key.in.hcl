Kind = "service-resolver"
Name = "web"
Subsets {
  v1 {
    Fliter = "x"
  }
}
