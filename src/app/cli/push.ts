import { MeshError } from '../../base/errors.ts';
import { describeRange } from '../../base/source.ts';
import { mappingOf } from '../../blueprints/image-mapping.ts';
import type { Input } from '../../commands/command.ts';
import { builtinImage, unresolvedImageHint } from '../../images/builtin.ts';
import { otherNames } from '../applied.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { PROJECT_FILE } from '../settings/locate.ts';
import { applied } from './applied.ts';
import { resourceKey } from './resource-key.ts';

/** `mesh push IMAGE [CLUSTER]`: why there is nothing to push, or what to do for an image that can't run here. */
export async function push(input: Input, io: Io): Promise<number> {
  const [image = '', cluster] = input.args;
  if (cluster !== undefined) await checkCluster(resourceKey(cluster), io);
  const why = resolved(image, io);
  if (why === undefined) {
    throw new MeshError('failed', `image ${JSON.stringify(image)} can't run here`, {
      hint: `${unresolvedImageHint(image)}\nor name a program of this machine that stands for it in ${PROJECT_FILE}: image ${JSON.stringify(image)} { command = ["./server"] }`,
    });
  }
  if (input.options['json'] === true) io.out(`${JSON.stringify({ image, pushed: false, reason: why })}\n`);
  else io.out(`Nothing to push: ${image} ${why}\n`);
  return 0;
}

/** How the image runs: after its name. */
function resolved(image: string, { images = [] }: Io): string | undefined {
  const mapping = mappingOf(image, images);
  if (mapping) {
    const where = mapping.range ? ` (${describeRange(mapping.range)})` : '';
    return `is ${mapping.command[0]!} on this machine${where}, which clusters start as it is`;
  }
  return builtinImage(image) ? 'is built in, and clusters run it as it is' : undefined;
}

async function checkCluster(key: string, io: Io): Promise<void> {
  const { resources } = await applied(homeOf(io.env, io.cwd));
  const clusters = resources.filter(({ type }) => type.endsWith('_cluster')).map((resource) => resource.key);
  if (clusters.includes(key)) return;
  const names = clusters.length === 0 ? { hint: 'no cluster runs: mesh run <blueprint>' } : otherNames(key, clusters);
  throw new MeshError('failed', `there is no cluster ${JSON.stringify(key)}`, names);
}
