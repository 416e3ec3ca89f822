routes = [{
  match { path = "/" }
}]
config = { a.b = 1 }
