Kind = "mesh"
TLS {
  Incoming {
    TLSMinVersion = "TLSv1_3"
    TLSMaxVersion = "TLSv1_2"
  }
  Outgoing {
    TLSMinVersion = "TLS1.2"
  }
}
