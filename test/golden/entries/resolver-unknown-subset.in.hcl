Kind = "service-resolver"
Name = "web"
DefaultSubset = "v2"
Subsets {
  v1 {
    Filter = "Service.Meta.version == v1"
  }
}
