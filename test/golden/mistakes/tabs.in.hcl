container "web" {
	image {
		naem = "nicholasjackson/fake-service:v0.24.2"
	}
}
