build "app" {
  container {
    context = "./src"
  }
}

container_registry "private" {
  hostname = "registry.example.com"
}

ollama_model "small" {
  model = "llama"
}

terraform "infra" {
  source = "./terraform"
}
