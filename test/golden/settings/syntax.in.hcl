defaults {
  run {
    timeout = "90s
  }
}
