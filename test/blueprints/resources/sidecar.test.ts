import { describe, expect, it, vi } from 'vitest';
import type { ContainerSpec } from '../../../src/blueprints/resources/container.ts';
import type { SidecarSpec } from '../../../src/blueprints/resources/sidecar.ts';
import { bench } from '../engine-harness.ts';
import { load } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const SERVICE = `service {
  name = "web"
  id   = "web-1"
  port = 9090
  connect {
    sidecar_service {
      proxy {
        upstreams {
          destination_name = "payments"
          local_bind_port  = 9091
        }
      }
    }
  }
}`;

const BLUEPRINT = `container "web" {
  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }
  env_var = {
    UPSTREAM_URIS = "http://localhost:9091"
  }
}

sidecar "proxy" {
  target  = "container.web"
  command = ["consul", "connect", "envoy", "-sidecar-for", "web-1"]

  image {
    name = "nicholasjackson/consul-envoy:v1.10.0-v1.18.3"
  }

  volume {
    source      = "./config"
    destination = "/config"
  }

  env_var = {
    SERVICE_CONFIG = "/config/web.hcl"
    CENTRAL_CONFIG = "/config/defaults.hcl"
  }
}

sidecar "helper" {
  target = "container.web"

  image {
    name = "nicholasjackson/fake-service:v0.24.2"
  }

  env_var = {
    LISTEN_ADDR = "0.0.0.0:9099"
  }
}`;

async function graph() {
  const folder = workspace({
    'main.hcl': BLUEPRINT,
    'config/web.hcl': SERVICE,
    'config/defaults.hcl': 'Kind = "service-defaults"\nName = "web"\nProtocol = "http"\n',
  });
  const { graph: result, diagnostics } = await load(folder);
  // Another blueprint has it.
  expect(diagnostics.map(({ summary }) => summary)).toEqual(['there is no service "payments", here or in what runs']);
  return result!;
}

describe('sidecar', () => {
  it('with the image of Envoy is the services of its files, without a process', async () => {
    const { resources } = await graph();
    const spec = resources.find(({ key }) => key === 'sidecar.proxy')!.spec as SidecarSpec;
    expect(spec.workload).toBeUndefined();
    expect(spec.services.map(({ id }) => id)).toEqual(['web-1']);
    expect(spec.entries).toMatchObject([{ Kind: 'service-defaults', Name: 'web' }]);
  });

  it('makes its upstreams those of the target', async () => {
    const { resources } = await graph();
    const { workload } = resources.find(({ key }) => key === 'container.web')!.spec as ContainerSpec;
    expect(workload.upstreamPorts).toEqual([9091]);
  });

  it('says where the application of its target listens', async () => {
    const folder = workspace({
      'main.hcl': BLUEPRINT,
      'config/web.hcl': SERVICE.replace('9090', '7000'),
      'config/defaults.hcl': 'Kind = "service-defaults"\nName = "web"\n',
    });
    const { graph: result } = await load(folder);
    const { workload } = result!.resources.find(({ key }) => key === 'container.web')!.spec as ContainerSpec;
    expect(workload.ports).toEqual([{ port: 9090 }, { port: 7000 }]);
  });

  it('shares the address of its target, on whose health its services depend', async () => {
    const { run, destroy, context } = bench();
    const register = vi.spyOn(context.registry, 'register');
    const start = vi.spyOn(context.workloads, 'start');
    const allocate = vi.spyOn(context, 'allocate');
    await run(await graph());
    // Before the container starts: its environment may name what will listen beside it.
    expect(allocate.mock.calls[0]![0]).toMatchObject({ owner: 'container.web', ports: expect.arrayContaining([9090, 9099]) });
    const [registration, workloads] = register.mock.calls[0]!;
    expect(registration).toMatchObject({ node: { name: 'web' }, address: 'address of container.web', sidecarPort: 21000 });
    expect(workloads.map(({ workload }) => workload.id)).toEqual(['container.web']);
    const helper = start.mock.calls.map(([workload]) => workload).find(({ id }) => id === 'sidecar.helper');
    expect(helper).toMatchObject({ address: 'address of container.web', ports: [{ port: 9099 }] });
    expect(context.exists).toContain('entry service-defaults/web');
    await destroy();
    // What its start script wrote stays, as what anybody writes.
    expect([...context.exists]).toEqual(['entry service-defaults/web']);
  });

  it('has one localhost with its target', async () => {
    const { resources } = await graph();
    const workloadOf = (key: string) => (resources.find((resource) => resource.key === key)!.spec as ContainerSpec).workload;
    expect(workloadOf('container.web').neighbourPorts).toEqual([9099]);
    expect(workloadOf('sidecar.helper').neighbourPorts).toEqual([9090]);
  });

  const said = async (text: string) => (await load(workspace({ 'main.hcl': text }))).diagnostics.map(({ summary }) => summary);
  const container = BLUEPRINT.slice(0, BLUEPRINT.indexOf('sidecar "proxy"'));
  const helper = BLUEPRINT.slice(BLUEPRINT.indexOf('sidecar "helper"'));

  it('listens on no port of its target, nor of another sidecar', async () => {
    expect(await said(`${container}${helper}`)).toEqual([]);
    expect(await said(`${container}${helper.replace('9099', '9090')}`)).toEqual([
      'sidecar "helper" listens on port 9090, as container.web does',
    ]);
    const other = helper.replace('sidecar "helper"', 'sidecar "other"');
    expect(await said(`${container}${helper}\n${other}`)).toEqual(['sidecar "other" listens on port 9099, as sidecar.helper does']);
    // A port of the container may lead to what listens beside it.
    expect(await said(`${container.replace('image {', 'port {\n    local = 9099\n  }\n  image {')}${helper}`)).toEqual([]);
  });

  it('stands beside nothing but a container', async () => {
    const network = 'network "n" {\n  subnet = "10.6.0.0/16"\n}\n';
    expect(await said(`${network}${helper.replace('container.web', 'network.n')}`)).toEqual([expect.stringContaining('network.n')]);
  });
});
