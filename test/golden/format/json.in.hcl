{
"Kind":   "x"}