a = 1   # x
longer = 2 # y
b = 3

c="%{ if true }a%{ else }b%{endif}${~ x ~}"
d = f(
1,
[
2,
])

e = {
"k" : 1
long = [1,
2]
}
