Kind = "service-resolver"
Name = "payments"
Subsets = {
  v1 = { Filter = "Service.Meta.version == 1" }
}
