import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/drivers/process/address-book.ts';
import { Workspace } from './harness.ts';

/** A network that outlives everything, a datacenter in it, and a blueprint that joins it. */
const files = (port: number): Record<string, string> => ({
  'base/main.hcl': 'network "azure" {\n  subnet = "10.77.0.0/16"\n}\n',
  'azure/hcs.hcl': `container "hcs" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-config-file=/config/server.hcl"]
  volume {
    source      = "./consul_config"
    destination = "/config"
  }
  network {
    name       = "network.azure"
    ip_address = "10.77.0.200"
  }
  port {
    local = 8500
    host  = ${port}
  }
  port {
    local = 8500
    host  = 0
  }
}
`,
  'azure/consul_config/server.hcl': `datacenter = "azure"
server     = true
ui         = true

config_entries {
  bootstrap {
    kind = "proxy-defaults"
    name = "global"
    config {
      protocol = "http"
    }
    mesh_gateway = {
      mode = "local"
    }
  }
}
`,
  'v2/payments.hcl': `container "payments" {
  image {
    name = "nicholasjackson/fake-service:vm-v0.9.0"
  }
  network {
    name       = "network.azure"
    ip_address = "10.77.0.110"
  }
  volume {
    source      = "./consul_service/payments.hcl"
    destination = "/config/payments.hcl"
  }
  env_var = {
    NAME              = "payments"
    CONSUL_SERVER     = "hcs.container.shipyard.run"
    CONSUL_DATACENTER = "azure"
    SERVICE_ID        = "payments"
  }
}

exec_remote "defaults" {
  image {
    name = "shipyardrun/tools:beta"
  }
  network {
    name = "network.azure"
  }
  volume {
    source      = "consul_service/defaults.hcl"
    destination = "/config/defaults.hcl"
  }
  env {
    key   = "CONSUL_HTTP_ADDR"
    value = "http://hcs.container.shipyard.run:8500"
  }
  cmd  = "sh"
  args = ["-c", "consul config write /config/defaults.hcl && consul config read -kind proxy-defaults -name global"]
}
`,
  'v2/consul_service/payments.hcl': 'service {\n  name = "payments"\n  port = 9090\n  connect {\n    sidecar_service {}\n  }\n}\n',
  'v2/consul_service/defaults.hcl': 'kind = "service-defaults"\nname = "payments"\nprotocol = "http"\n',
});

const read = async (url: string): Promise<unknown> => (await fetch(url, { headers: { connection: 'close' } })).json();

describe('a Consul server in a container', () => {
  it('is a datacenter that others join, at every port that leads to it, for as long as its blueprint is there', async () => {
    await using mesh = new Workspace();
    const port = await freePort('127.0.0.1');
    for (const [path, text] of Object.entries(files(port))) {
      mkdirSync(dirname(join(mesh.cwd, path)), { recursive: true });
      writeFileSync(join(mesh.cwd, path), text);
    }
    const run = async (...args: string[]) => {
      const outcome = await mesh.mesh('run', ...args);
      expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
      return outcome;
    };
    await run('./base', '--http-port', String(port));
    await run('./azure');
    await run('./v2');

    // The port of the agent's own API, and one that only leads to the server.
    const ports = (await mesh.status()).ingresses
      .filter(({ target }) => target === 'container.hcs')
      .map(({ url }) => Number(new URL(url).port));
    expect(ports).toContain(port);
    expect(new Set(ports).size).toBe(2);
    for (const at of ports) {
      const api = `http://127.0.0.1:${at}/v1`;
      expect(await read(`${api}/agent/self`)).toMatchObject({ Config: { Datacenter: 'azure', NodeName: 'hcs', Server: true } });
      expect(await read(`${api}/catalog/datacenters`)).toEqual(['azure']);
      expect(await read(`${api}/catalog/service/payments`)).toMatchObject([{ Node: 'payments', Datacenter: 'azure', ServicePort: 9090 }]);
      expect(await read(`${api}/health/connect/payments?passing`)).toMatchObject([{ Service: { Kind: 'connect-proxy' } }]);
      expect(await read(`${api}/config/proxy-defaults/global`)).toMatchObject({
        Config: { protocol: 'http' },
        MeshGateway: { Mode: 'local' },
      });
      expect(await read(`${api}/config/service-defaults/payments`)).toMatchObject({ Protocol: 'http' });
    }
    // `consul` of the tools spoke to it by its name.
    const { stdout } = await mesh.mesh('logs', 'defaults');
    expect(stdout).toContain('Config entry written: service-defaults/payments');
    expect(stdout).toContain('"protocol": "http"');
    expect((await mesh.mesh('logs', 'hcs')).stdout).toContain('datacenter azure, node hcs: HTTP API on 127.');

    process.kill(mesh.agentPid(), 'SIGKILL');
    expect((await run('./azure')).stderr).toContain('Nothing to do');
    const api = `http://127.0.0.1:${port}/v1`;
    expect(await read(`${api}/agent/self`)).toMatchObject({ Config: { Datacenter: 'azure', NodeName: 'hcs' } });
    expect(await read(`${api}/catalog/datacenters`)).toEqual(['azure']);
    expect(await read(`${api}/config/service-defaults/payments`)).toMatchObject({ Protocol: 'http' });

    expect(await mesh.mesh('destroy', 'azure')).toMatchObject({ code: 1, stderr: expect.stringContaining('container.hcs is needed by') });
    expect(await mesh.mesh('destroy', 'v2')).toMatchObject({ code: 0 });
    expect(await mesh.mesh('destroy', 'azure')).toMatchObject({ code: 0 });
    expect(await read(`${api}/catalog/datacenters`)).toEqual(['dc1']);
    expect(await read(`${api}/catalog/nodes`)).toMatchObject([{ Node: 'mesh' }]);
    expect(await read(`${api}/config/proxy-defaults`)).toEqual([]);
  });
});
