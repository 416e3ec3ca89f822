kind     = "service-defaults"
name     = "payments"
protokol = "http"
