k8s_cluster "k3s" {
  driver = "k3s"
}

container "payments" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
}

ingress "mistyped" {
  source {
    driver = "local"

    config {
      port = 9090
    }
  }

  destination {
    driver = "docker"

    config {
      address = "payment.container.shipyard.run"
      port    = 9090
    }
  }
}

ingress "clusterless" {
  source {
    driver = "docker"

    config {
      port = 9091
    }
  }

  destination {
    driver = "k8s"

    config {
      address = "http://web"
      port    = "http"
    }
  }
}

ingress "elsewhere" {
  target = "container.payments"

  source {
    driver = "k8s"

    config {
      cluster = "k8s_cluster.k3s"
      port    = 9092
    }
  }

  port {
    remote = 9090
    host   = 9092
  }
}

ingress "another_machine" {
  source {
    driver = "k8s"

    config {
      cluster = "k8s_cluster.k3s"
      port    = 9093
    }
  }

  destination {
    driver = "local"

    config {
      address = "example.com"
      port    = 0
    }
  }
}
