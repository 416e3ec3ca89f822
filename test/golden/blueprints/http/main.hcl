http "no-scheme" {
  method = "GET"
  url    = "localhost:8500/v1/agent/self"
}

http "method" {
  method = "FETCH"
  url    = "http://localhost:8500"
}

http "payload" {
  method  = "GET"
  url     = "http://localhost:8500"
  payload = "x"
}
