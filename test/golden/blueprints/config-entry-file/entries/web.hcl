Kind     = "service-defaults"
Name     = "payments"
Protocoll = "http"
