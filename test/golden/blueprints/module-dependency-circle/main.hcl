module "shop" {
  source     = "./shop"
  depends_on = ["network.local"]
}

network "local" {
  subnet     = "10.7.0.0/16"
  depends_on = ["module.shop"]
}
