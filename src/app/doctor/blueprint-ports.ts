import type { DesiredGraph } from '../../blueprints/graph.ts';
import { isBlueprint } from '../../blueprints/locate.ts';
import { bindError } from '../../drivers/process/address-book.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import type { StatusReport } from '../rpc/status.ts';
import { type Finding, ok, warn } from './finding.ts';

const LOCALHOST = '127.0.0.1';

/**
 * The host ports that the blueprint of the current folder would open. Undefined where there is none, or one that can't be read: of that
 * `mesh validate` tells more. What the agent of this home has opened is its own affair.
 */
export async function checkBlueprintPorts(home: Home, status: StatusReport | undefined, io: Io): Promise<Finding[] | undefined> {
  const name = 'blueprint ports';
  if (!(await isBlueprint(io.cwd))) return undefined;
  const graph = await graphHere(home, io).catch(() => undefined);
  if (!graph) return undefined;
  const { portsOf } = await import('../../blueprints/port-conflicts.ts');
  const opened = new Set((status?.ingresses ?? []).map(({ url }) => Number(/:(\d+)(?:\/|$)/.exec(url)?.[1])));
  const wanted = graph.resources.flatMap((resource) =>
    portsOf(resource).flatMap((port) => (opened.has(port) ? [] : [{ port, by: resource.key }])),
  );
  const looked = await Promise.all(wanted.map(async (one) => ({ ...one, error: await bindError(LOCALHOST, one.port) })));
  const held = looked.filter(({ error }) => error !== undefined);
  if (held.length > 0) return Promise.all(held.map(async (one) => warn(name, await taken(one), 'stop it, or use `mesh run --ports auto`')));
  return wanted.length === 0 ? [] : [ok(name, `free: ${wanted.map(({ port }) => port).join(', ')}`)];
}

async function taken({ port, by, error }: { port: number; by: string; error: string | undefined }): Promise<string> {
  if (error === 'EACCES') return `port ${port}, which ${by} of this folder opens, may not be opened by this user`;
  return `port ${port}, which ${by} of this folder opens, is held by ${describeOwner(await portOwner(LOCALHOST, port))}`;
}

async function graphHere(home: Home, io: Io): Promise<DesiredGraph | undefined> {
  const [{ readNow }, { locate }] = await Promise.all([import('../cli/bases.ts'), import('../cli/locate.ts')]);
  const reading = { fetch: false };
  return (await readNow(await locate('.', home, io, reading), home, io, reading)).loaded.graph;
}
