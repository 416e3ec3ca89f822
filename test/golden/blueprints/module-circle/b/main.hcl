module "c" { source = "../a" }
