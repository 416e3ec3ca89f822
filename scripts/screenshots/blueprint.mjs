import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of its processes, whom they call, and what of their environment. `at` is a datacenter, `into` those of upstreams. */
const MANY = [
  { name: 'shop', calls: ['billing', 'cart'], every: 200 },
  { name: 'checkout', calls: ['web', 'cart', 'inventory-reconciliation-worker'], every: 150 },
  { name: 'cart', calls: ['stock', 'prices'] },
  { name: 'prices', calls: ['stock'], fails: 9, takes: 40 },
  { name: 'stock', calls: [], takes: 15 },
  { name: 'inventory-reconciliation-worker', calls: ['stock'], takes: 120 },
  { name: 'reports', calls: ['payments'], every: 400 },
  { name: 'mailer', calls: [] },
];

/** In a second datacenter, and a caller of it. */
const FAR = [
  { name: 'ledger', calls: ['journal'], at: 'dc2', takes: 8 },
  { name: 'journal', calls: [], at: 'dc2', takes: 3 },
  { name: 'auditor', calls: ['ledger', 'stock'], at: 'dc1', every: 300 },
];

const README = [{ name: 'reports', calls: ['payments'], every: 400 }];

/** Writes a blueprint into a folder: services, an ingress gateway before `web`, and, of many, a terminating one to `billingPort`. */
export function writeBlueprint(folder, { isForReadme, billingPort }) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'app.js'), join(folder, 'app.js'));
  const services = isForReadme ? README : MANY;
  const parts = services.map((one) => processOf(one, services));
  parts.push(
    gateway(
      'front',
      'ingress',
      '10.6.0.20',
      'Listeners = [{ Port = 8080, Protocol = "http", Services = [{ Name = "web", Hosts = ["*"] }] }]',
      folder,
    ),
  );
  if (!isForReadme) {
    parts.push(`service "billing" {\n  address = "127.0.0.1"\n  port = ${billingPort}\n  connect = false\n}`);
    parts.push('config_entry "service-defaults" "billing" {\n  protocol = "http"\n}');
    parts.push(gateway('exit', 'terminating', '10.6.0.21', 'Services = [{ Name = "billing" }]', folder));
  }
  writeFileSync(join(folder, 'main.hcl'), `network "edge" {\n  subnet = "10.6.0.0/16"\n}\n\n${parts.join('\n\n')}\n`);
}

function processOf({ name, calls, every = 0, fails = 0, takes = 4, at }, services) {
  const upstreams = calls.map((called, index) => {
    const datacenter = services.find((one) => one.name === called)?.at;
    return `  upstream "${called}" {\n    local_bind_port = ${9091 + index}\n${datacenter ? `    datacenter = "${datacenter}"\n` : ''}  }`;
  });
  const urls = calls.map((_, index) => `http://127.0.0.1:${9091 + index}`).join(' ');
  return `process "${name}" {
  command = ["node", "app.js"]
  port = 8080
  protocol = "http"
${at ? `  datacenter = "${at}"\n` : ''}  environment = {
    CALLS = "${urls}"
    FAILS = "${fails}"
    TAKES = "${takes}"
    EVERY = "${every}"
  }
${upstreams.join('\n')}
}`;
}

function gateway(name, kind, address, entry, folder) {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, `${name}.hcl`), `Kind = "${kind}-gateway"\nName = "${name}"\n${entry}\n`);
  return `container "${name}" {
  image {
    name = "nicholasjackson/consul-envoy:v1.18.3-v1.27.0"
  }
  command = ["consul", "connect", "envoy", "-gateway=${kind}", "-register", "-service", "${name}", "-address", "${address}:8888"]
  network {
    name = "network.edge"
    ip_address = "${address}"
  }
  volume {
    source = "./${name}"
    destination = "/gateway"
  }
  env_var = {
    CENTRAL_CONFIG = "/gateway/${name}.hcl"
  }
${kind === 'ingress' ? '  port {\n    local = 8080\n    remote = 8080\n    host = 18080\n  }\n' : ''}}`;
}

/** Another datacenter, which is a container that runs a Consul server, with the services that are there. */
export function writeDatacenter(folder) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'app.js'), join(folder, 'app.js'));
  writeFileSync(join(folder, 'server.txt'), 'datacenter = "dc2"\nserver = true\n');
  const server = `network "far" {
  subnet = "10.8.0.0/16"
}

container "dc2" {
  image {
    name = "consul:1.10.1"
  }
  command = ["consul", "agent", "-config-file=/config/server.hcl"]
  network {
    name = "network.far"
    ip_address = "10.8.0.30"
  }
  volume {
    source = "./server.txt"
    destination = "/config/server.hcl"
  }
}`;
  const services = FAR.map((one) => processOf(one, [...FAR, { name: 'stock', at: 'dc1' }]));
  writeFileSync(join(folder, 'main.hcl'), `${[server, ...services].join('\n\n')}\n`);
}
