container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env_var = {
    A = "b"
  privileged = true
}

network "local" {
  subnet = "10.5.0.0/16"
}
