name = "#{{ .Vars.name }}"

#{{ range .Vars.name }}
