container "one" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-server", "-datacenter=azure"]
}

container "two" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-server", "-datacenter=Azure"]
}

container "three" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-server", "-datacenter=azure", "-retry-join=one.container.shipyard.run:8301"]
}
