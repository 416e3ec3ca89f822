Kind = "service-resolver"
Name = "web"
Subsets {
  v1 {
    Filter = "Service.Meta.version = v1"
  }
}
