import { dirname, join, sep } from 'node:path';
import type { AppliedInfo, AvailableInfo, Blueprints, ResourceInfo } from '../../api/blueprints.ts';
import { foldersIn, isBlueprint, shippedBlueprints } from '../../blueprints/locate.ts';
import type { StatusReport } from '../rpc/status.ts';

export interface ListingOptions {
  /** Folder of the blueprints that come with the package. */
  readonly shipped: string;
  /** Where clones of those lie that came from elsewhere: they have no neighbours, and are run by their address. */
  readonly fetched: string;
  readonly permanent: boolean;
}

/** What is applied, and what the folders around it and the package hold. */
export async function blueprintListing(status: StatusReport, { shipped, fetched, permanent }: ListingOptions): Promise<Blueprints> {
  const applied = await Promise.all(status.blueprints.map((one) => appliedInfo(one, status, fetched)));
  const own = applied.filter(({ id, readable }) => readable && dirname(id) !== shipped);
  const parents = [...new Set(own.map(({ id }) => dirname(id)))];
  const beside = await Promise.all(parents.map(neighbours));
  const names = await shippedBlueprints(shipped);
  const available: AvailableInfo[] = [
    ...beside.flat().map(([id, name]) => ({ id, name, origin: 'folder' as const })),
    ...names.map((name) => ({ id: join(shipped, name), name, origin: 'shipped' as const })),
  ];
  return { applied, available: available.filter(({ id }) => !applied.some((one) => one.id === id)), endsWithLast: !permanent };
}

async function neighbours(parent: string): Promise<(readonly [id: string, name: string])[]> {
  const names = (await foldersIn(parent)).filter((name) => !name.startsWith('.')).toSorted();
  const found = await Promise.all(names.map(async (name) => ((await isReadable(join(parent, name))) ? [name] : [])));
  return found.flat().map((name) => [join(parent, name), name]);
}

const isReadable = (path: string): Promise<boolean> => isBlueprint(path).catch(() => false);

async function appliedInfo(
  { id, name, since, paused, metadata, buildsOn = [] }: StatusReport['blueprints'][number],
  status: StatusReport,
  fetched: string,
): Promise<AppliedInfo> {
  const readable = !id.startsWith(fetched + sep) && (await isReadable(id));
  const resources = status.resources.filter(({ owners }) => owners.includes(name));
  return {
    id,
    name,
    ...(metadata?.title === undefined ? {} : { title: metadata.title }),
    since: Date.parse(since),
    paused: paused === true,
    buildsOn,
    readable,
    resources: resources.map((one) => resourceInfo(one, status)),
  };
}

function resourceInfo({ key, status, since, error }: StatusReport['resources'][number], all: StatusReport): ResourceInfo {
  const workloads = all.workloads.filter(({ id }) => id === key || id.startsWith(`${key}/`));
  const url = all.ingresses.find(({ id }) => id === key)?.url;
  return {
    key,
    status: status as ResourceInfo['status'],
    since: Date.parse(since),
    ...(error === undefined ? {} : { error }),
    workloads: workloads.map(({ id, phase, restarts, endpoints }) => ({ id, phase, restarts, endpoints })),
    ...(url === undefined ? {} : { url }),
  };
}
