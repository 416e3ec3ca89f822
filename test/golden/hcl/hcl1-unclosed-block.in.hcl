Kind = "service-resolver"
Name = "payments"
Subsets {
  v1 {
    Filter = "Service.Meta.version == v1"
  v2 {
    Filter = "Service.Meta.version == v2"
  }
}
