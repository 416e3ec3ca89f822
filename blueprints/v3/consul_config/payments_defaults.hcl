Kind     = "service-defaults"
Name     = "payments"
Protocol = "http"
