variable "image" {
  default = "nicholasjackson/fake-service:v0.24.2"
}
