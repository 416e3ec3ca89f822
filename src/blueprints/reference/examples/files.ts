import type { Examples } from './index.ts';

export const files: Examples = {
  certificate_ca: `
certificate_ca "root" {
  output = "./certs"
}
`,
  certificate_leaf: `
certificate_ca "root" {
  output = "./certs"
}

certificate_leaf "web" {
  ca_cert      = "./certs/root.cert"
  ca_key       = "./certs/root.key"
  dns_names    = ["localhost", "web.container.shipyard.run"]
  ip_addresses = ["127.0.0.1"]
  output       = "./certs"
}
`,
  copy: `
copy "config" {
  source      = "./files/config.json"
  destination = "./made/config.json"
  permissions = "0644"
}
`,
  template: `
template "config" {
  source      = <<-EOF
    region = #{{ .Vars.region | quote }}
    #{{ range .Vars.ports }}port #{{ . }}
    #{{ end }}
  EOF
  destination = "./made/config.txt"

  vars = {
    region = "eu"
    ports  = [8080, 9090]
  }
}
`,
  'template/jumppad': `
resource "template" "config" {
  source = <<-EOF
    name = {{ quote name }}
    {{#each ports}}
    port = {{ this }}
    {{/each}}
  EOF

  destination = "./made/web.hcl"

  variables = {
    name  = "web"
    ports = [9090, 9091]
  }
}
`,
};
