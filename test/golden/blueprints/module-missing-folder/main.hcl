module "shop" {
  source = "./shp"
}
