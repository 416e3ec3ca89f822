variable "name" {
  default = "web"
}

template "function" {
  source = <<-EOT
    name = #{{ qoute .Vars.name }}
    port = 9090
  EOT

  destination = "./made/function.hcl"
  vars        = { name = "web" }
}

template "unclosed" {
  source      = <<EOT
#{{ if .Vars.tls }}
tls = true
EOT
  destination = "./made/unclosed.hcl"
  vars        = { tls = true }
}

template "field" {
  source      = "a = #{{ .name }}"
  destination = "./made/field.hcl"
  vars        = { name = "web" }
}

template "interpolated" {
  source      = <<EOT
# ${var.name}
${var.name} = #{{ .Vars.name.first }}
EOT
  destination = "./made/interpolated.hcl"
  vars        = { name = "web" }
}

template "file" {
  source = <<-EOT
    ca = #{{ file "./missing.pem" | quote }}
  EOT

  destination = "./made/file.hcl"
  vars        = {}
}

template "nowhere" {
  source = ""
}
