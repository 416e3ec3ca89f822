network "shop" { subnett = "10.6.0.0/16" }
