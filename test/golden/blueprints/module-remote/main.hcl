module "shop" {
  source = "github.com/org/repo//shop"
}
