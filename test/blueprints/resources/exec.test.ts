import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localWorld } from '../local-world.ts';

const NETWORK = 'network "local" {\n  subnet = "10.88.0.0/16"\n}\n';

const logOf = ({ driver }: { driver: { logPath(id: string): string } }, id: string) => readFileSync(driver.logPath(id), 'utf8');

describe('exec_local', () => {
  it('runs once, where the command was typed, with its environment and the tools', async () => {
    const world = await localWorld({
      'main.hcl': `
exec_local "look" {
  cmd  = "sh"
  args = ["-c", "pwd; echo $A $B; consul version; echo run >> runs.txt"]
  env {
    key   = "A"
    value = "a"
  }
  env_var = { A = "weaker", B = "b" }
}`,
    });
    await world.run(await world.read());
    expect(logOf(world, 'exec_local.look')).toBe(`${world.folder}\na b\nmesh consul version\n`);
    await world.run(await world.read());
    expect(readFileSync(join(world.folder, 'runs.txt'), 'utf8')).toBe('run\n');
    await world.destroy();
    expect(existsSync(world.driver.logPath('exec_local.look'))).toBe(false);
  });

  it('fails with its output, without what depends on it, and is tried again', async () => {
    const world = await localWorld({
      'main.hcl': `${NETWORK}
exec_local "check" {
  depends_on        = ["network.local"]
  cmd               = "./check.sh"
  working_directory = "./scripts"
}
template "after" {
  depends_on  = ["exec_local.check"]
  source      = "x"
  destination = "after.txt"
}`,
      'scripts/check.sh': 'echo not yet',
    });
    // Not executable, as files from a git checkout on another system.
    await expect(world.run(await world.read())).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringContaining('check.sh: permission denied'),
    });
    writeFileSync(
      join(world.folder, 'main.hcl'),
      readFileSync(join(world.folder, 'main.hcl'), 'utf8').replace('"./check.sh"', '"sh"\n  args = ["-c", "echo not yet; exit 3"]'),
    );
    await expect(world.run(await world.read())).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringMatching(/check exited with code 3; its last lines:\n\s+not yet/),
    });
    expect(world.state()).toEqual(['exec_local.check: failed', 'network.local: created', 'template.after: failed']);
    expect(existsSync(join(world.folder, 'after.txt'))).toBe(false);
    writeFileSync(join(world.folder, 'main.hcl'), readFileSync(join(world.folder, 'main.hcl'), 'utf8').replace('exit 3', 'exit 0'));
    await world.run(await world.read());
    expect(existsSync(join(world.folder, 'after.txt'))).toBe(true);
  });

  it('ends a command that takes too long', async () => {
    const world = await localWorld({ 'main.hcl': 'exec_local "slow" {\n  cmd = "sleep"\n  args = ["60"]\n  timeout = "50ms"\n}\n' });
    await expect(world.run(await world.read())).rejects.toMatchObject({ message: expect.stringContaining('still running after 0.05 s') });
    expect(await world.driver.adopt('exec_local.slow')).toBeUndefined();
  });

  it('keeps a daemon running until it is destroyed', async () => {
    const world = await localWorld({ 'main.hcl': 'exec_local "loop" {\n  cmd = "sleep"\n  args = ["60"]\n  daemon = true\n}\n' });
    await world.run(await world.read());
    const { phase, pid } = world.context.workloads.get('exec_local.loop')!.status.value;
    expect(phase).toBe('ready');
    expect(process.kill(pid!, 0)).toBe(true);
    await world.destroy();
    expect(() => process.kill(pid!, 0)).toThrow('ESRCH');
  });

  it('comes after what makes the script that it runs', async () => {
    const world = await localWorld({
      'a.hcl': 'exec_local "run" {\n  cmd = "sh"\n  args = ["./made/x.sh"]\n}\n',
      'b.hcl': 'template "script" {\n  source = "echo made"\n  destination = "./made/x.sh"\n}\n',
    });
    await world.run(await world.read());
    expect(logOf(world, 'exec_local.run')).toBe('made\n');
  });
});

describe('exec_remote', () => {
  it('finds its volumes, names of others and an address of its own', async () => {
    const world = await localWorld({
      'main.hcl': `${NETWORK}
container "server" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
  network {
    name = "network.local"
  }
}

exec_remote "look" {
  depends_on = ["container.server"]
  image {
    name = "shipyardrun/tools:beta"
  }
  network {
    name       = "network.local"
    ip_address = "10.88.0.9"
    aliases    = ["look.local"]
  }
  cmd               = "sh"
  args              = ["-c", "cat /config/a.txt; pwd; echo $MESH_VIRTUAL_ADDRESS $SERVER; consul config list"]
  working_directory = "/config/deep"
  volume {
    source      = "./files"
    destination = "/config"
  }
  env {
    key   = "SERVER"
    value = "http://server.container.shipyard.run:8500"
  }
}`,
      'files/a.txt': 'a\n',
      'files/deep/b.txt': 'b\n',
    });
    await world.run(await world.read());
    const server = [...world.driver.claimed.values()].find(({ owner }) => owner === 'container.server')!.reachable;
    expect(world.driver.claimed.get('10.88.0.9')?.owner).toBe('exec_remote.look');
    expect(logOf(world, 'exec_remote.look')).toBe(
      `a\n${world.folder}/files/deep\n10.88.0.9 http://${server}:8500\nmesh consul config list\n`,
    );
    await world.destroy();
    expect([...world.driver.claimed.keys()]).toEqual([]);
    expect(existsSync(world.driver.logPath('exec_remote.look'))).toBe(false);
  });

  it('with a target has what the container has', async () => {
    const world = await localWorld({
      'main.hcl': `${NETWORK}
container "web" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
  network {
    name       = "network.local"
    ip_address = "10.88.0.10"
  }
  env_var = { COLOUR = "blue", SIZE = "big" }
  volume {
    source      = "./files"
    destination = "/files"
  }
}

exec_remote "look" {
  target  = "container.web"
  cmd     = "/files/look.sh"
  env_var = { SIZE = "small" }
}`,
      'files/look.sh': '#!/bin/sh\necho $COLOUR $SIZE $MESH_VIRTUAL_ADDRESS\n',
    });
    chmodSync(join(world.folder, 'files/look.sh'), 0o755);
    await world.run(await world.read());
    expect(logOf(world, 'exec_remote.look')).toBe('blue small 10.88.0.10\n');
  });

  it('depends on the Consul server that it names', async () => {
    const world = await localWorld({
      'main.hcl': `${NETWORK}
container "hcs" {
  image {
    name = "consul:1.7.2"
  }
  command = ["consul", "agent", "-dev", "-datacenter", "azure"]
  network {
    name = "network.local"
  }
}

exec_remote "defaults" {
  image {
    name = "shipyardrun/tools:beta"
  }
  cmd  = "consul"
  args = ["config", "list"]
  env {
    key   = "CONSUL_HTTP_ADDR"
    value = "http://hcs.container.shipyard.run:8500"
  }
}`,
    });
    const { resources } = await world.read();
    expect(resources.find(({ key }) => key === 'exec_remote.defaults')!.dependsOn).toEqual(['container.hcs']);
  });
});
