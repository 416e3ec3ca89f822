import { errorAt } from '../../base/diagnostic.ts';
import type { Workload } from '../../base/workload.ts';
import { unresolvedImageHint } from '../../images/builtin.ts';
import type { Attached } from '../attachment.ts';
import type { ApplyContext } from '../context.ts';
import { consulServers } from '../datacenter.ts';
import { imageTrouble } from '../mapped-image.ts';
import type { LowerContext } from '../resource-type.ts';
import type { NetworkSpec } from '../resources/network.ts';

/** Reports an image that can't be the place of a command. */
export function checkImage(name: string, context: LowerContext): void {
  if (imageTrouble(name, context.images) === undefined) return;
  context.report(
    errorAt(context.at('image.name'), `image ${JSON.stringify(name)} can't run here`, {
      detail: unresolvedImageHint(name),
      hint: 'if its programs are on this machine: image { name = "shipyardrun/tools:latest" }',
    }),
  );
}

/** A folder of the container exists only as far as it is a volume, or a folder of this machine too (/tmp). */
export async function checkInnerFolder(folder: string | undefined, mounts: Workload['mounts'], context: LowerContext): Promise<void> {
  if (folder === undefined) return;
  const isBelow = ({ destination }: Workload['mounts'][number]) => `${folder}/`.startsWith(`${destination.replace(/\/+$/, '')}/`);
  if (mounts.some(isBelow) || (await context.list(folder))) return;
  const known = mounts.map(({ destination }) => destination);
  context.report(
    errorAt(context.at('working_directory'), `${JSON.stringify(folder)} is a folder of none of its volumes`, {
      detail: known.length === 0 ? 'it has no volumes' : `its volumes: ${known.join(', ')}`,
    }),
  );
}

/** A Consul server that the command talks to has to be there, though `depends_on` may not say so. */
export function dependOnServers(words: readonly string[], context: LowerContext): void {
  for (const { key, names } of consulServers(context)) {
    // Its bare name may mean anything.
    const telling = names.filter((name) => name.includes('.'));
    if (telling.some((name) => words.some((word) => word.includes(name)))) context.dependOn(key);
  }
}

/** The address of a command in the network that it is attached to; beside a container it has that one's. */
export async function reservePlace(
  key: string,
  { network, target, aliases }: { readonly network: Attached; readonly target?: string; readonly aliases: readonly string[] },
  context: ApplyContext,
): Promise<{ address?: string }> {
  if (network.key === undefined || target !== undefined) return {};
  const { subnet } = context.record(network.key).spec as NetworkSpec;
  const wanted = network.wanted === undefined ? {} : { wanted: network.wanted };
  return { address: await context.allocate({ owner: key, subnet, ports: [], names: aliases, ...wanted }) };
}
