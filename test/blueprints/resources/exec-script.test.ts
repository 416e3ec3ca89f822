import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseExecOutput } from '../../../src/blueprints/exec/outputs.ts';
import { resourceTypeOf } from '../../../src/blueprints/resources/index.ts';
import { localWorld } from '../local-world.ts';

const logOf = ({ driver }: { driver: { logPath(id: string): string } }, id: string) => readFileSync(driver.logPath(id), 'utf8');

type World = Awaited<ReturnType<typeof localWorld>>;

/** What others would see of it. */
function outputsOf(world: World, key: string): Record<string, unknown> {
  const record = world.engine.journal.state.resources.get(key)!;
  const { reservation: reserved, created, resource } = record;
  return resourceTypeOf('exec')!.outputs!.of(resource.spec, { reserved, created });
}

describe('exec', () => {
  it('gives what it wrote to $EXEC_OUTPUT, runs where the blueprint is, and again only when it changes', async () => {
    const main = `
exec "look" {
  script = <<-EOF
    #!/bin/sh -e
    pwd
    echo run >> runs.txt
    echo "token=a=b" >> $EXEC_OUTPUT
    echo "level=$LEVEL" >> $EXEC_OUTPUT
  EOF
  environment = { LEVEL = "debug" }
}
exec "shout" {
  depends_on        = ["exec.look"]
  script            = "#!/usr/bin/env bash\\n[[ x == x ]] && cat ../runs.txt"
  working_directory = "./sub"
}`;
    const world = await localWorld({ 'main.hcl': main, 'sub/x': '' });
    await world.run(await world.read());
    expect(outputsOf(world, 'exec.look')).toEqual({
      output: { token: 'a=b', level: 'debug' },
      exit_code: 0,
      pid: 0,
      checksum: expect.stringMatching(/^[\da-f]{64}$/),
    });
    expect(logOf(world, 'exec.look')).toBe(`${world.folder}\n`);
    expect(logOf(world, 'exec.shout')).toBe('run\n');
    await world.run(await world.read());
    expect(readFileSync(join(world.folder, 'runs.txt'), 'utf8')).toBe('run\n');
    writeFileSync(join(world.folder, 'main.hcl'), main.replace('pwd', 'echo changed'));
    await world.run(await world.read());
    expect(readFileSync(join(world.folder, 'runs.txt'), 'utf8')).toBe('run\nrun\n');
  });

  it('fails with its exit code and its last lines', async () => {
    const world = await localWorld({ 'main.hcl': 'exec "x" {\n  script = "echo no; exit 4"\n}\n' });
    await expect(world.run(await world.read())).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringMatching(/x exited with code 4; its last lines:\n\s+no/),
    });
  });

  it('beside a container has its volumes and its environment, in an image an address of its own', async () => {
    const world = await localWorld({
      'main.hcl': `
network "local" {
  subnet = "10.89.0.0/16"
}
container "web" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
  env_var = { NAME = "web" }
  network {
    name = "network.local"
  }
  volume {
    source      = "./files"
    destination = "/config"
  }
}
exec "beside" {
  target = "container.web"
  script = "cat /config/a.txt; echo $NAME; echo file=/config/a.txt >> $EXEC_OUTPUT"
}
exec "alone" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  network {
    name       = "network.local"
    ip_address = "10.89.0.7"
  }
  script = "echo $MESH_VIRTUAL_ADDRESS http://web.container.shipyard.run:80"
}`,
      'files/a.txt': 'a\n',
    });
    await world.run(await world.read());
    expect(logOf(world, 'exec.beside')).toBe('a\nweb\n');
    expect(outputsOf(world, 'exec.beside')['output']).toEqual({ file: `${world.folder}/files/a.txt` });
    const web = [...world.driver.claimed.values()].find(({ owner }) => owner === 'container.web')!.reachable;
    expect(logOf(world, 'exec.alone')).toBe(`10.89.0.7 http://${web}:80\n`);
  });

  it('as a daemon stays, and says its pid', async () => {
    const world = await localWorld({ 'main.hcl': 'exec "d" {\n  script = "sleep 60"\n  daemon = true\n}\n' });
    await world.run(await world.read());
    const pid = outputsOf(world, 'exec.d')['pid'] as number;
    expect(process.kill(pid, 0)).toBe(true);
    await world.destroy();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('reads outputs as Jumppad does', () => {
    expect(parseExecOutput('a=1\r\nb = two=2 \nnone\n=x\na=3\n')).toEqual({ a: '3', b: 'two=2' });
  });
});
