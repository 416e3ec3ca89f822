service { port = 1 }
service "web" { port = 2 }
foo bar = {}
