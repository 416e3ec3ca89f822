a = (1 + 2
b = f(1, 2
c = x ? 1
d = [for x in y]
e = list[0
f = + 1
g = .5
h = "fine"
