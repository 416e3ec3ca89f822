Kind = "jwt-provider"
Name = "okta"
JSONWebKeySet { Local { JWKS = "eyJrZXlzIjpbXX0=" } }
