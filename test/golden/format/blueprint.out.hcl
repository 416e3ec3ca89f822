

# A comment
container "web" {
  image {
    name = "nicholasjackson/fake-service:${var.tag}" # the image
  }
  network {
    name       = "network.local" // where
    ip_address = "10.5.0.4"      # fixed
  }

  env {
    key   = "A"
    value = upper("x${lower(var.y)}z")
  }
  env { key = "B" }
  command = ["a", "b", "c"]
  args = [
    "x",
    "y",
  ]


  privileged = !var.a && var.b == -1 || (var.c + 2) * 3 > 4
  count      = var.n-1
  neg        = -1
  list       = [for x in var.l : upper(x) if x != ""]
  map        = { for k, v in var.m : k => v... }
  splat      = var.l[*].name
  index      = var.l[0].name
  cond       = var.a ? "b" : "c"
  obj        = { a = 1, b = "x" }
  empty      = {}
  value      = <<-EOF
      kept   as  it is ${ var.x }
    EOF
  after      = 1
  nested = [{
    a = 1
    }, {
    b = 2
  }]
  /* inline */ x = 1 /* too */
}
