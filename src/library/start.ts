import { MeshError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { ManualClock } from './manual-clock.ts';
import { RunningMesh } from './mesh.ts';
import type { Mesh, StartOptions } from './types.ts';
import { World, type WorldOptions } from './world.ts';

const OPTIONS = ['services', 'configEntries', 'intentions', 'defaultIntention', 'client', 'clock'];

/** A mesh of its own. Rejects with a MeshError when what it is made of is wrong, and leaves nothing behind then. */
export async function startMesh(options: StartOptions, ports: Omit<WorldOptions, 'defaultIntention'>): Promise<Mesh> {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new MeshError('usage', `startMesh has no option ${unknown}`, {
      hint: didYouMean(unknown, OPTIONS).hint ?? `it has ${OPTIONS.join(', ')}`,
    });
  }
  const { services = [], configEntries = [], intentions = [], defaultIntention = 'allow', client = 'test' } = options;
  const clock = options.clock === 'manual' ? new ManualClock(ports.clock.now()) : ports.clock;
  const world = await World.open({ ...ports, clock, defaultIntention });
  const mesh = new RunningMesh(world, client);
  try {
    await mesh.add({ services, configEntries, intentions });
    return mesh;
  } catch (error) {
    await mesh.close();
    throw error;
  }
}
