container "web" {
  privileged true
  image "nginx"
  name: "x"
  port 80
}
