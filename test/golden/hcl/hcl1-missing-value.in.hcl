Kind = "service-defaults"
Name =
Protocol = "http"
MeshGateway {
  Mode =
}
ExternalSNI =
