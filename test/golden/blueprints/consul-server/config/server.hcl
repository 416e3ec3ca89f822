datacenter = "files"
