Kind = "jwt-provider"
Name = "okta"
JSONWebKeySet {
  Remote {
    URI = "okta.example.com/keys"
  }
}
Forwarding {}
