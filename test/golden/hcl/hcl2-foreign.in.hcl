a = 'single'
b = 1;
c = true & false
"quoted" = 1
d.e = 1
f = [1, 2],
1a = 2
