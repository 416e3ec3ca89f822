output "a" { value = file("absent.txt") }
output "b" { value = data("../outside") }
output "c" { value = data_with_permissions("x", "rwx") }
output "d" { value = cluster_api("aks") }
output "e" { value = k8s_config(["aks"]) }
output "f" { value = home("me") }
