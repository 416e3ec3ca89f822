module "shop" { source = "./shop" }

network "local" {
  subnet     = "10.7.0.0/16"
  depends_on = ["module.shp"]
}
