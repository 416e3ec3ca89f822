Kind "service-defaults"
Name = "web"
MaxInboundConnections 100
Meta {
  team "payments"
}
