module "shop" {
  source  = "./shop"
  version = "1.0"
}

module "other" {
}
