Kind = "inline-certificate"
Name = "cert"
Certificate = "not a certificate"
PrivateKey = "not a key"
