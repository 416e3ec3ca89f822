network "wan" { subnet = "192.168.0.0/16" }
