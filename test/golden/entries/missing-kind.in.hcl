Name = "web"
Protocol = "http"
