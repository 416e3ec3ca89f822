module "shop" {
  source  = "./shop"
  verzion = "1.0"
}

module "other" {
}
