import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually, get, Workspace } from './harness.ts';

const NETWORK = 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n';

const container = (name: string, env: Record<string, string>): string => `container "${name}" {
  image { name = "nicholasjackson/fake-service:vm-v0.24.2" }
  network { name = "network.local" }
  volume {
    source      = "${name}"
    destination = "/config"
  }
  env_var = ${JSON.stringify({ SERVICE_ID: name, NAME: name, ...env })}
}
`;

const service = (name: string, upstreams: string): string =>
  `service {\n  name = "${name}"\n  port = 9090\n  connect {\n    sidecar_service {${upstreams}}\n  }\n}\n`;

/** A blueprint of one service in the mesh. */
function blueprint(mesh: Workspace, folder: string, name: string, text: string, upstreams = ''): void {
  mkdirSync(join(mesh.cwd, folder, name), { recursive: true });
  writeFileSync(join(mesh.cwd, folder, name, 'service.hcl'), service(name, upstreams));
  writeFileSync(join(mesh.cwd, folder, 'main.hcl'), NETWORK + text);
}

it('a request in flight finishes while its service, and its caller, are removed', async () => {
  await using mesh = new Workspace();
  const upstream = '\n    proxy { upstreams { destination_name = "payments" local_bind_port = 9091 } }\n  ';
  const ingress = 'ingress "web" {\n  target = "container.web"\n  port {\n    remote = 9090\n    host = 9090\n  }\n}\n';
  const slow = { TIMING_50_PERCENTILE: '1500ms', TIMING_90_PERCENTILE: '1500ms', TIMING_99_PERCENTILE: '1500ms' };
  blueprint(mesh, 'pay', 'payments', container('payments', slow));
  blueprint(mesh, 'shop', 'web', container('web', { UPSTREAM_URIS: 'http://localhost:9091' }) + ingress, upstream);
  await mesh.run('./pay');
  const url = await mesh.run('./shop');

  const handled = () => readFileSync(join(mesh.home, 'logs/container.payments.log'), 'utf8').split('Handle inbound request').length - 1;
  const inFlight = async () => {
    const before = handled();
    const reply = get(url);
    expect(await eventually(handled, (count) => count > before)).toBe(before + 1);
    return reply;
  };
  const first = inFlight();
  await eventually(handled, (count) => count > 0);
  expect(await mesh.mesh('destroy', 'pay')).toMatchObject({ code: 0 });
  const calls = (await first).upstream_calls ?? {};
  expect(Object.values(calls)).toEqual([expect.objectContaining({ name: 'payments', code: 200 })]);

  await mesh.run('./pay');
  const second = inFlight();
  await eventually(handled, (count) => count > 0);
  expect(await mesh.mesh('destroy')).toMatchObject({ code: 0 });
  expect(await second).toMatchObject({ name: 'web', code: 200 });
});
