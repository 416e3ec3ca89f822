container "${name}" {
}
container "a" = {
}
