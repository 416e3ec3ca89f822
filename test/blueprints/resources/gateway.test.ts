import { describe, expect, it, vi } from 'vitest';
import type { ContainerSpec } from '../../../src/blueprints/resources/container.ts';
import type { SidecarSpec } from '../../../src/blueprints/resources/sidecar.ts';
import { bench } from '../engine-harness.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const ENTRY = `Kind = "ingress-gateway"
Name = "front"
Listeners = [{ Port = 8080, Protocol = "tcp", Services = [{ Name = "web" }] }]`;

const FILE = `service {
  kind = "terminating-gateway"
  name = "exit"
  id   = "exit-1"
  port = 8443
  proxy {
    config {
      connect_timeout_ms = 2000
    }
  }
}`;

const block = (type: string, command: readonly string[], more = ''): string => `${type} {
  image {
    name = "nicholasjackson/consul-envoy:v1.10.0-v1.18.3"
  }
  command = ${JSON.stringify(command)}
  volume {
    source      = "./config"
    destination = "/config"
  }
  ${more}
}`;

const REGISTER = [
  'consul',
  'connect',
  'envoy',
  '-gateway=ingress',
  '-register',
  '-service=front',
  '-address',
  '10.5.0.120:8888',
  '--',
  '-l',
];
const PORTS = `
  env_var = { CENTRAL_CONFIG = "/config/front.hcl" }
  port {
    local  = 8080
    remote = 8080
    host   = 18080
  }
  port {
    local  = 9999
    remote = 9999
    host   = 18081
  }`;

async function graph(text: string) {
  const { graph: result, diagnostics } = await load(workspace({ 'main.hcl': text, 'config/front.hcl': ENTRY, 'config/exit.hcl': FILE }));
  expect(diagnostics.map(({ summary }) => summary)).toEqual([]);
  return result!;
}

async function specOf<Spec>(key: string, text: string): Promise<Spec> {
  const { resources } = await graph(text);
  return resources.find((resource) => resource.key === key)!.spec as Spec;
}

describe('a container that runs a gateway', () => {
  it('is the registration that its command makes', async () => {
    const { services, stoodFor, entries } = await specOf<ContainerSpec>('container.front', block('container "front"', REGISTER, PORTS));
    expect(services).toMatchObject([{ name: 'front', id: 'front', port: 8888, gateway: { kind: 'ingress-gateway', config: {} } }]);
    expect(stoodFor).toBe('gateway');
    expect(entries).toMatchObject([{ Kind: 'ingress-gateway', Name: 'front' }]);
  });

  it('is waited for at the ports of the entry that it brings', async () => {
    const { hostPorts } = await specOf<ContainerSpec>('container.front', block('container "front"', REGISTER, PORTS));
    expect(hostPorts).toEqual([
      { host: 18080, target: 8080 },
      { host: 18081, target: 9999, optional: true },
    ]);
  });

  it('is the registration of its file', async () => {
    const command = ['consul', 'connect', 'envoy', '-gateway', 'terminating', '-proxy-id', 'exit-1'];
    const text = block('container "exit"', command, 'env_var = { SERVICE_CONFIG = "/config/exit.hcl" }');
    const { services } = await specOf<ContainerSpec>('container.exit', text);
    const gateway = { kind: 'terminating-gateway', config: { connect_timeout_ms: 2000 } };
    expect(services).toMatchObject([{ name: 'exit', id: 'exit-1', port: 8443, gateway }]);
  });

  it('may stand beside another container, as a sidecar', async () => {
    const app = 'container "web" {\n  image { name = "nicholasjackson/fake-service:v0.24.2" }\n}\n';
    const text = block('sidecar "front"', REGISTER, 'target = "container.web"');
    const spec = await specOf<SidecarSpec>('sidecar.front', `${app}${text}`);
    expect(spec.services).toMatchObject([{ name: 'front', gateway: { kind: 'ingress-gateway' } }]);
    expect(spec.workload).toBeUndefined();
  });

  it('registers without a process, and is waited for', async () => {
    const { run, destroy, context } = bench();
    const register = vi.spyOn(context.registry, 'register');
    const ready = vi.spyOn(context.registry, 'sidecarReady');
    const start = vi.spyOn(context.workloads, 'start');
    await run(await graph(block('container "front"', REGISTER, PORTS)));
    expect(register.mock.calls[0]).toMatchObject([{ node: { name: 'front' }, address: 'address of container.front' }, []]);
    expect(ready.mock.calls[0]!.slice(0, 2)).toEqual(['front', 'front']);
    expect(start).not.toHaveBeenCalled();
    await destroy();
  });
});
