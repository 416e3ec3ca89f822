Kind = "file-system-certificate"
Name = "cert"
CertificateFile = "/certs/tls.crt"
