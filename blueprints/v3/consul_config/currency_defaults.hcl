Kind     = "service-defaults"
Name     = "currency"
Protocol = "http"
