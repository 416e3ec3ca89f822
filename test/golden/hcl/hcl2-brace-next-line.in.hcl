container "web"
{
  image = "nginx"
}
