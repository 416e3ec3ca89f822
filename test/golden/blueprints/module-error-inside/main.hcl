module "shop" { source = "./shop" }
