container "web" {
}
