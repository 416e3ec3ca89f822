import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { localWorld } from './local-world.ts';

const BLUEPRINT = `
container "store" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }

  command = ["sleep", "60"]

  volume {
    source      = "scratch"
    destination = "/scratch"
    type        = "tmpfs"
  }

  volume {
    source      = "data"
    destination = "/var/lib/data"
    type        = "volume"
  }
}

# Another one with the same volume.
exec_remote "look" {
  target = "container.store"
  cmd    = "sh"
  args   = ["-c", "echo kept >> /var/lib/data/text; test ! -e /scratch/text; echo passing > /scratch/text; ls /own /second; echo /scratch /second"]

  volume {
    source      = "data"
    destination = "/second"
    type        = "volume"
  }

  volume {
    source      = ""
    destination = "/own"
    type        = "tmpfs"
  }
}`;

it('a tmpfs goes with its resource, a volume stays and may be shared', async () => {
  const world = await localWorld({ 'main.hcl': BLUEPRINT });
  await world.run(await world.read());
  const log = readFileSync(world.driver.logPath('exec_remote.look'), 'utf8');
  const [scratch = '', shared = ''] = log.trimEnd().split('\n').at(-1)!.split(' ');
  expect(log).toMatch(/:\ntext\n/);
  expect(readFileSync(`${scratch}/text`, 'utf8')).toBe('passing\n');
  await world.destroy();
  expect(existsSync(scratch)).toBe(false);
  expect(readFileSync(`${shared}/text`, 'utf8')).toBe('kept\n');
  await world.run(await world.read());
  expect(readFileSync(`${shared}/text`, 'utf8')).toBe('kept\nkept\n');
});
