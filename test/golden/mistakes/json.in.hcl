{
  "container": {
    "web": {
      "image": { "name": "nginx" }
    }
  }
}
