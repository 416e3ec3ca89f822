a = 1 + 2
b = var.region
c = file("x")
d = (1)
e = true ? 1 : 2
f = 'single'
g = "ok";
