path = "C:\dir"
code = "\u12"
