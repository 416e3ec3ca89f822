Kind = "proxy-defaults"
Name = "global"
Config = "http"
