network "local" {
  subnet = subnett("a")
}

output "x" {
  value = var.missing
}
