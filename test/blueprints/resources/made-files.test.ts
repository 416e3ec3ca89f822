import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ContainerSpec } from '../../../src/blueprints/resources/container.ts';
import { load } from '../fixture.ts';
import { localWorld } from '../local-world.ts';
import { workspace } from '../workspace.ts';

const text = (...path: string[]) => readFileSync(join(...path), 'utf8');
const mode = (...path: string[]) => (statSync(join(...path)).mode & 0o777).toString(8);

describe('template', () => {
  const TEMPLATE = `
variable "service" {
  default = "web"
}

template "service" {
  source = <<-EOF
    service {
      name = #{{ .Vars.name | quote }}
      port = #{{ .Vars.port }}
      connect { sidecar_service {} }
    }
  EOF

  destination = "./made/web.hcl"

  vars = {
    name = var.service
    port = 9090
  }
}`;

  it('is there for who reads the blueprint, before it is made', async () => {
    const folder = workspace({
      'a.hcl': `
container "web" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.24.2"
  }
  env_var = {
    SERVICE_ID = "web"
  }
  volume {
    source      = "./made"
    destination = "/config"
  }
}`,
      'b.hcl': TEMPLATE,
    });
    const { graph, diagnostics } = await load(folder);
    expect(diagnostics).toEqual([]);
    const web = graph!.resources.find(({ key }) => key === 'container.web')!;
    expect(web.dependsOn).toContain('template.service');
    expect((web.spec as ContainerSpec).services.map(({ name, port }) => `${name}:${port}`)).toEqual(['web:9090']);
    expect(existsSync(join(folder, 'made'))).toBe(false);
  });

  it('is written, written again when it changes, and removed', async () => {
    const world = await localWorld({ 'main.hcl': TEMPLATE });
    await world.run(await world.read());
    const made = join(world.folder, 'made/web.hcl');
    expect(text(made)).toBe('service {\n  name = "web"\n  port = 9090\n  connect { sidecar_service {} }\n}\n');
    expect(mode(made)).toBe('644');
    writeFileSync(join(world.folder, 'main.hcl'), TEMPLATE.replace('9090', '9191'));
    await world.run(await world.read());
    expect(text(made)).toContain('port = 9191');
    await world.destroy();
    expect(existsSync(made)).toBe(false);
  });

  it('without vars is written as it is, and one that somebody has changed stays', async () => {
    const main = 'template "raw" {\n  source = "a #{{ .x }} b"\n  destination = "raw.txt"\n}\n';
    const world = await localWorld({ 'main.hcl': main });
    await world.run(await world.read());
    expect(text(world.folder, 'raw.txt')).toBe('a #{{ .x }} b');
    writeFileSync(join(world.folder, 'raw.txt'), 'mine');
    await world.destroy();
    expect(text(world.folder, 'raw.txt')).toBe('mine');
  });

  it('reads files beside the blueprint', async () => {
    const main = 'template "t" {\n  source = "ca: #{{ file \\"./ca.pem\\" | trim }}"\n  destination = "t.txt"\n  vars = {}\n}\n';
    const world = await localWorld({ 'main.hcl': main, 'ca.pem': 'PEM\n' });
    await world.run(await world.read());
    expect(text(world.folder, 't.txt')).toBe('ca: PEM');
  });
});

describe("Jumppad's template", () => {
  it('is written in Handlebars, from a text or a file, with values of other resources', async () => {
    const world = await localWorld({
      'main.hcl': `
resource "random_number" "port" {
  minimum = 9090
  maximum = 9090
}
resource "exec" "token" {
  script = "echo value=secret >> $EXEC_OUTPUT"
}
resource "template" "text" {
  source      = <<-EOF
    port = {{ port }}
    name = {{ quote name }}
  EOF
  destination = "./made/a.hcl"
  variables = {
    port = resource.random_number.port.value
    name = "web"
  }
}
resource "template" "file" {
  source      = "./b.tpl"
  destination = "./made/b.txt"
  variables = {
    token = resource.exec.token.output.value
  }
}`,
      'b.tpl': 'token: {{ token }}\n',
    });
    await world.run(await world.read());
    expect(text(world.folder, 'made/a.hcl')).toBe('port = 9090\nname = "web"\n');
    // What the script writes is known now.
    const made = [...world.engine.journal.state.resources.keys()];
    expect(made).not.toContain('template.file');
  });
});

describe('copy from elsewhere', () => {
  it('fetches a file over http, byte by byte, and fails where there is none', async () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    const server = createServer((request, response) => {
      if (request.url === '/a/logo.png?x=1') response.end(bytes);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => void server.close());
    const main = (path: string) =>
      `copy "logo" {\n  source = "http://127.0.0.1:${(server.address() as AddressInfo).port}${path}"\n  destination = "./made/"\n}\n`;
    const world = await localWorld({ 'main.hcl': main('/a/logo.png?x=1') });
    await world.run(await world.read());
    expect(readFileSync(join(world.folder, 'made/logo.png'))).toEqual(bytes);
    writeFileSync(join(world.folder, 'main.hcl'), main('/none.png'));
    await expect(world.run(await world.read())).rejects.toMatchObject({ message: expect.stringContaining('answers with status 404') });
  });

  it('takes what is in a git repository', async () => {
    const folder = workspace({
      'main.hcl': 'copy "files" {\n  source = "github.com/acme/shop//files?ref=v1"\n  destination = "./made"\n}\n',
    });
    const repository = workspace({ 'a.txt': 'a' });
    const fetch = (address: string) => Promise.resolve(address === 'github.com/acme/shop//files?ref=v1' ? repository : '');
    const { graph, diagnostics } = await load(folder, [], { fetch });
    expect(diagnostics).toEqual([]);
    expect(graph!.resources[0]!.spec).toMatchObject({ files: [{ from: join(repository, 'a.txt'), to: join(folder, 'made/a.txt') }] });
  });
});

describe('copy', () => {
  it('copies what is in a folder, again when it has changed, and leaves what is not its own', async () => {
    const world = await localWorld({
      'main.hcl': 'copy "files" {\n  source = "./files"\n  destination = "./made"\n  permissions = "0600"\n}\n',
      'files/a.txt': 'a',
      'files/deep/b.txt': 'b',
    });
    await world.run(await world.read());
    const made = join(world.folder, 'made');
    expect([text(made, 'a.txt'), text(made, 'deep/b.txt'), mode(made, 'a.txt')]).toEqual(['a', 'b', '600']);
    writeFileSync(join(world.folder, 'files/a.txt'), 'A');
    await world.run(await world.read());
    expect(text(made, 'a.txt')).toBe('A');
    writeFileSync(join(made, 'a.txt'), 'changed');
    writeFileSync(join(made, 'own.txt'), 'own');
    await world.destroy();
    expect(readdirSync(made, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(['a.txt', 'deep', 'own.txt']);
  });

  it('takes a file under its own name into a folder, and what a template makes', async () => {
    const world = await localWorld({
      'main.hcl': `
copy "one" {
  source      = "./script.sh"
  destination = "./made/"
}
copy "two" {
  source      = "./rendered.txt"
  destination = "./made/copy.txt"
}
template "rendered" {
  source      = "text"
  destination = "./rendered.txt"
}`,
      'script.sh': '#!/bin/sh\n',
    });
    const graph = await world.read();
    expect(graph.resources.find(({ key }) => key === 'copy.two')!.dependsOn).toEqual(['template.rendered']);
    await world.run(graph);
    expect([text(world.folder, 'made/script.sh'), text(world.folder, 'made/copy.txt')]).toEqual(['#!/bin/sh\n', 'text']);
  });
});

describe('certificates', () => {
  const MAIN = `
certificate_leaf "web" {
  ca_key       = "./certs/root.key"
  ca_cert      = "./certs/root.cert"
  ip_addresses = ["127.0.0.1"]
  dns_names    = ["localhost", "web.container.shipyard.run"]
  output       = "./certs"
}

certificate_ca "root" {
  output = "./certs"
}

copy "key" {
  source      = "./certs/web.key"
  destination = "./made/web.key"
}`;

  it('are made after their CA, stay from run to run, and go', async () => {
    const world = await localWorld({ 'main.hcl': MAIN });
    const graph = await world.read();
    expect(graph.resources.map(({ key }) => key)).toEqual(['certificate_ca.root', 'certificate_leaf.web', 'copy.key']);
    await world.run(graph);
    const certs = join(world.folder, 'certs');
    const [root, web] = [new X509Certificate(text(certs, 'root.cert')), new X509Certificate(text(certs, 'web.cert'))];
    expect(web.checkIssued(root) && web.verify(root.publicKey)).toBe(true);
    expect([root.subject, web.subject]).toEqual(['CN=root', 'CN=web']);
    expect(web.subjectAltName).toBe('DNS:localhost, DNS:web.container.shipyard.run, IP Address:127.0.0.1');
    expect([mode(certs, 'root.key'), mode(certs, 'web.key'), mode(certs, 'web.cert'), mode(world.folder, 'made/web.key')]).toEqual([
      '600',
      '600',
      '644',
      '600',
    ]);
    await world.run(await world.read());
    expect(new X509Certificate(text(certs, 'web.cert')).serialNumber).toBe(web.serialNumber);
    await world.destroy();
    expect([...readdirSync(certs), ...readdirSync(join(world.folder, 'made'))]).toEqual([]);
  });

  it('that somebody has put there since stay', async () => {
    const world = await localWorld({ 'main.hcl': 'certificate_ca "root" {\n  output = "."\n}\n' });
    await world.run(await world.read());
    writeFileSync(join(world.folder, 'root.cert'), 'mine');
    await world.destroy();
    expect(readdirSync(world.folder)).toEqual(['main.hcl', 'root.cert', 'root.key']);
  });

  it('are not signed with a key of another kind', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const world = await localWorld({
      'main.hcl': 'certificate_leaf "web" {\n  ca_key = "ca.key"\n  ca_cert = "ca.pem"\n  output = "certs"\n}\n',
      'ca.key': String(rsa),
      'ca.pem': 'x',
    });
    await expect(world.run(await world.read())).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringContaining('the private key is rsa, expected EC P-256'),
    });
    expect(existsSync(join(world.folder, 'certs'))).toBe(false);
  });
});
