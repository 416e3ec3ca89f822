image { name = "x" tag = "y" }
port { range { local = 1 } }
network { name = "n",
}
