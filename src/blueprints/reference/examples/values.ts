import type { Examples } from './index.ts';

export const values: Examples = {
  output: `
network "local" {
  subnet = "10.5.0.0/16"
}

output "subnet" {
  description = "What \`mesh output subnet\` prints"
  value       = resource.network.local.subnet
}
`,
  random_creature: `
random_creature "environment" {}
`,
  random_id: `
random_id "build" {
  byte_length = 4
}
`,
  random_number: `
random_number "port" {
  minimum = 20000
  maximum = 20999
}
`,
  random_password: `
random_password "admin" {
  length           = 24
  override_special = "_-"
  min_numeric      = 2
}
`,
  random_uuid: `
random_uuid "run" {}
`,
};
