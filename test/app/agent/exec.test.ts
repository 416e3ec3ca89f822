import { describe, expect, it } from 'vitest';
import { execPlan } from '../../../src/app/agent/exec.ts';
import type { Services } from '../../../src/app/agent/handlers.ts';
import { localWorld } from '../../blueprints/local-world.ts';

const MAIN = `
network "local" {
  subnet = "10.89.0.0/16"
}

container "web" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
  network {
    name       = "network.local"
    ip_address = "10.89.0.10"
  }
  env_var = { COLOUR = "blue" }
  volume {
    source      = "./files"
    destination = "/files"
  }
}`;

describe('a command beside a workload', () => {
  it('has its environment, and paths and addresses of this machine', async () => {
    const world = await localWorld({ 'main.hcl': MAIN, 'files/a.txt': 'a' });
    await world.run(await world.read());
    const { driver, engine, context } = world;
    const parts = { driver, engine, workloads: context.workloads, datacenters: { specs: new Map() } } as unknown as Services;
    const plan = await execPlan(
      { id: 'container.web', command: ['sh', '-c', 'cat /files/a.txt; curl web.container.shipyard.run:9090'] },
      parts,
    );
    const { reachable } = driver.claimed.get('10.89.0.10')!;
    expect(plan.command).toEqual(['sh', '-c', `cat ${world.folder}/files/a.txt; curl ${reachable}:9090`]);
    expect(plan.env).toMatchObject({ COLOUR: 'blue', MESH_VIRTUAL_ADDRESS: '10.89.0.10' });
    expect(plan.env['PATH']).toContain('/run/bin:');
    expect(() => execPlan({ id: 'container.wbe', command: ['sh'] }, parts)).toThrow('container.wbe does not run any more');
  });

  it('in the container of a Consul server talks to that server', async () => {
    const { driver } = await localWorld({});
    const spec = {
      workload: {
        id: 'container.hcs',
        name: 'hcs',
        image: 'consul:1.7.2',
        env: { A: 'a' },
        ports: [{ port: 8500 }],
        upstreamPorts: [],
        mounts: [],
      },
      consul: { datacenter: 'azure', node: 'hcs', httpPort: 8500, entries: [] },
    };
    await driver.reserve([{ owner: 'container.hcs', address: '10.89.0.200', ports: [], names: ['hcs.container.shipyard.run'] }]);
    const resources = new Map([['container.hcs', { resource: { name: 'hcs', spec }, reservation: { address: '10.89.0.200' } }]]);
    const parts = {
      driver,
      engine: { journal: { state: { resources } } },
      workloads: { get: () => undefined },
      datacenters: { specs: new Map([['container.hcs', {}]]) },
    } as unknown as Services;
    const plan = await execPlan({ id: 'container.hcs', command: ['consul', 'members', '-http-addr=localhost:8500'] }, parts);
    const { reachable } = driver.claimed.get('10.89.0.200')!;
    expect(plan.command).toEqual(['consul', 'members', `-http-addr=${reachable}:8500`]);
    expect(plan.env).toMatchObject({ A: 'a', CONSUL_HTTP_ADDR: `http://${reachable}:8500` });
  });
});
