import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/drivers/process/address-book.ts';
import { eventually, Workspace } from './harness.ts';

/** The files of the guide, as a reader saves them. */
const guide = readFileSync(resolve(import.meta.dirname, '../../docs/guides/own-services.md'), 'utf8');
const files = new Map([...guide.matchAll(/^```(?:js|hcl) ([\w.]+)\n([\s\S]*?)^```/gm)].map((match) => [match[1]!, match[2]!]));

async function answer(url: string): Promise<string> {
  const response = await fetch(url).catch(() => undefined);
  return response ? `${response.status} ${(await response.text()).trim()}` : 'nobody answers';
}

describe("one's own services", () => {
  it('are a mesh from one file: calls, restarts for files, edits, and nothing left', async () => {
    await using mesh = new Workspace();
    const write = (name: string, edit = (text: string) => text) => writeFileSync(join(mesh.cwd, name), edit(files.get(name)!));
    for (const name of ['payments.js', 'web.js', 'main.hcl']) write(name);
    const url = await mesh.run('.');
    expect(await answer(url)).toBe('200 payments says: paid');
    const { workloads, services } = await mesh.status();
    expect(services.map(({ name, protocol }) => `${name} ${protocol}`)).toEqual(['payments http', 'web tcp']);
    const pidOf = async (name: string) => (await mesh.status()).workloads.find((workload) => workload.name === name)?.pid;
    const web = workloads.find(({ name }) => name === 'web')!.pid;

    write('payments.js', (text) => text.replace('paid', 'paid twice'));
    const isNew = (said: string) => said === '200 payments says: paid twice';
    expect(await eventually(() => answer(url), isNew)).toBe('200 payments says: paid twice');
    expect((await mesh.mesh('logs', 'payments')).stdout).toContain('restarted by mesh: payments.js changed');

    write('main.hcl', (text) => text.replace('"allow"', '"deny"'));
    const edited = await mesh.mesh('run', '.', '--ports', 'auto');
    expect(edited, edited.stderr).toMatchObject({ code: 0 });
    expect(await answer(url)).toMatch(/^403 /);
    expect(await pidOf('web')).toBe(web);
    // Others may write intentions for the same service: they stay.
    expect(await mesh.mesh('intention', 'create', '-allow', 'api', 'payments')).toMatchObject({ code: 0 });
    write('main.hcl', (text) => text.replace(/intention "web-to-payments" \{[\s\S]*?\n\}\n/, ''));
    expect(await mesh.mesh('run', '.', '--ports', 'auto')).toMatchObject({ code: 0 });
    expect((await mesh.mesh('intention', 'list')).stdout.replace(/ +/g, ' ')).toContain(' api allow payments 9');
    expect(await answer(url)).toMatch(/^403 /);
    expect(await mesh.mesh('destroy')).toMatchObject({ code: 0 });
    expect(mesh.processes()).toEqual([]);
  });

  it('call what runs elsewhere, whose checks are made for real', async () => {
    await using mesh = new Workspace();
    const ledger = createServer((_request, response) => response.end('ledger'));
    await new Promise<void>((listening) => ledger.listen(0, '127.0.0.1', listening));
    const { port } = ledger.address() as { port: number };
    writeFileSync(join(mesh.cwd, 'web.js'), files.get('web.js')!.replaceAll('PAYMENTS', 'LEDGER'));
    writeFileSync(
      join(mesh.cwd, 'main.hcl'),
      `process "web" {
  command   = ["node", "web.js"]
  port      = 8080
  host_port = 18080
  upstream "ledger" {}
}

service "ledger" {
  address  = "127.0.0.1"
  port     = ${port}
  protocol = "http"
  check {
    http     = "/"
    interval = "200ms"
  }
}
`,
    );
    const url = await mesh.run('.');
    expect(await answer(url)).toBe('200 payments says: ledger');
    const healthOf = async () => (await mesh.status()).services.find(({ name }) => name === 'ledger')!.instances[0]!.health;
    expect(await healthOf()).toBe('passing');
    ledger.closeAllConnections();
    await new Promise((closed) => ledger.close(closed));
    expect(await eventually(healthOf, (health) => health === 'critical')).toBe('critical');
  });

  it('run in place of images', async () => {
    await using mesh = new Workspace();
    writeFileSync(join(mesh.cwd, 'payments.js'), files.get('payments.js')!);
    writeFileSync(join(mesh.cwd, '.mesh.hcl'), 'image "acme/payments" {\n  command = ["node", "payments.js"]\n  ports   = [9090]\n}\n');
    const blueprint =
      'container "payments" {\n  image { name = "acme/payments:v1" }\n  port {\n    local = 9090\n    host  = 19090\n  }\n}\n';
    writeFileSync(join(mesh.cwd, 'main.hcl'), blueprint);
    const url = await mesh.run('.');
    expect(await answer(url)).toBe('200 paid');
  });

  it('that want the port of another one are told whose it is', async () => {
    await using mesh = new Workspace();
    const taken = await freePort('127.0.0.1');
    writeFileSync(join(mesh.cwd, 'stubborn.js'), `require('node:http').createServer((q, r) => r.end('x')).listen(${taken});\n`);
    const block = (name: string, after: string) =>
      `process "${name}" {\n  command = ["node", "stubborn.js"]\n  port    = ${taken}\n${after}}\n`;
    writeFileSync(join(mesh.cwd, 'main.hcl'), `${block('first', '')}${block('second', '  depends_on = ["process.first"]\n')}`);
    const run = await mesh.mesh('run', '.', '--ports', 'auto', '--http-port', '0');
    expect(run.code).toBe(5);
    expect(run.stderr).toContain(`port ${taken}`);
    expect(run.stderr).toMatch(/held by (?:first|second)\b/);
  });

  it('begin with mesh init', async () => {
    await using mesh = new Workspace();
    for (const name of ['payments.js', 'web.js']) writeFileSync(join(mesh.cwd, name), files.get(name)!);
    const given = ['--service', 'web=node web.js:8080', '--service', 'payments=node payments.js:9090', '--call', 'web=payments'];
    expect(await mesh.mesh('init', ...given)).toMatchObject({ code: 0, stdout: expect.stringContaining('Next: mesh run') });
    const checked = await mesh.mesh('fmt', '--check');
    expect(checked, checked.stderr).toMatchObject({ code: 0 });
    const url = await mesh.run('.');
    expect(await answer(url)).toBe('200 payments says: paid');
  });
});
