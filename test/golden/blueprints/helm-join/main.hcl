network "azure" {
  subnet = "10.5.0.0/16"
}

network "wan" {
  subnet = "192.168.0.0/16"
}

k8s_cluster "aks" {
  driver = "k3s"
}

helm "consul" {
  cluster = "k8s_cluster.aks"
  chart   = "./helm/consul-helm-0.16.2"
  values  = "values.yaml"
}

k8s_cluster "other" {
  driver = "k3s"
}

helm "elsewhere" {
  cluster = "k8s_cluster.other"
  chart   = "./helm/consul-helm-0.16.2"

  values_string = {
    "client.join[0]" = "10.5.0.20"
  }
}

container "hcs" {
  image {
    name = "consul:1.7.2"
  }

  command = ["consul", "agent", "-server", "-datacenter=azure"]

  network {
    name       = "network.azure"
    ip_address = "10.5.0.200"
  }

  network {
    name       = "network.wan"
    ip_address = "192.168.0.200"
  }
}

k8s_cluster "third" {
  driver = "k3s"
}

helm "first" {
  cluster = "k8s_cluster.third"
  chart   = "hashicorp/consul"
}

helm "again" {
  cluster = "k8s_cluster.third"
  chart   = "hashicorp/consul"
}
