module "shop" { source = "./shop" }
module "shop" { source = "./shop" }
