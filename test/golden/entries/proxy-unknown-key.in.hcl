Kind = "proxy-defaults"
Name = "global"
Confg {
  protocol = "http"
}
