import { MeshError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import type { BlueprintSurroundings } from './blueprint-world.ts';
import { ManualClock } from './manual-clock.ts';
import { RunningMesh } from './mesh.ts';
import { speaking, spoken } from './speaking.ts';
import type { Mesh, StartOptions } from './types.ts';
import { openCodeWorld, type Surroundings } from './world.ts';

const OPTIONS = ['blueprint', 'variables', 'services', 'configEntries', 'intentions', 'defaultIntention', 'client', 'clock', 'timeout'];

/** A mesh of its own. Rejects with a MeshError when what it is made of is wrong, and leaves nothing behind then. */
export async function startMesh(options: StartOptions, surroundings: Surroundings & BlueprintSurroundings): Promise<Mesh> {
  return speaking(await start(options, surroundings).catch((error: unknown) => Promise.reject(spoken(error))));
}

async function start(options: StartOptions, surroundings: Surroundings & BlueprintSurroundings): Promise<Mesh> {
  checkOptions(options);
  const { services = [], configEntries = [], intentions = [], defaultIntention = 'allow', client = 'test' } = options;
  const { blueprint, variables = {}, timeout = '60s' } = options;
  const clock = options.clock === 'manual' ? new ManualClock(surroundings.clock.now()) : surroundings.clock;
  const world =
    blueprint === undefined
      ? await openCodeWorld({ ...surroundings, clock, defaultIntention })
      : await (await import('./blueprint-world.ts')).openBlueprintWorld({ blueprint, variables, timeout }, surroundings);
  const mesh = new RunningMesh(world, client);
  try {
    await mesh.add({ services, configEntries, intentions });
    return mesh;
  } catch (error) {
    await mesh.close();
    throw error;
  }
}

/** Types don't reach those who write JavaScript. */
function checkOptions(options: StartOptions): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw new MeshError('usage', `startMesh has no option ${unknown}`, {
      hint: didYouMean(unknown, OPTIONS).hint ?? `it has ${OPTIONS.join(', ')}`,
    });
  }
  if (options.blueprint === undefined) {
    if (options.variables === undefined) return;
    throw new MeshError('usage', 'variables are those of a blueprint, and none is given', {
      hint: "startMesh({ blueprint: 'v2', variables: … })",
    });
  }
  if (options.clock === 'manual') {
    throw new MeshError('usage', 'programs of a blueprint go by the real clock', {
      hint: 'build the mesh in code to set its clock by hand',
    });
  }
  if (options.defaultIntention !== undefined) {
    throw new MeshError('usage', 'defaultIntention is for meshes that are built in code', {
      hint: "add intention('*', '*', 'deny') instead",
    });
  }
}
