import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { appliedName } from './applied-name.ts';
import type { Loaded, RunningResource } from './loaded.ts';
import { locatePath } from './locate-path.ts';
import { overlaps, parseSubnet } from './subnet.ts';

/** A blueprint that is read, beside those that stay while it runs. */
export interface Beside {
  /** Its own id: what runs of its earlier version makes room. */
  readonly id: string;
  /** Ids of blueprints that it replaces. */
  readonly replacing: ReadonlySet<string>;
}

/** Ranges and addresses that are another blueprint's: known before anything is touched. */
export function checkTaken(loaded: readonly Loaded[], running: Iterable<RunningResource>, { id, replacing }: Beside): Diagnostic[] {
  const own = new Set(loaded.map(({ key }) => key));
  const all = [...running];
  const blueprints = all.flatMap(({ owners }) => owners);
  const staying = all.flatMap((resource): Staying[] => {
    const owner = resource.owners.find((other) => other.id !== id && !replacing.has(other.id));
    // One that has the same name here is shared, or in conflict as a whole.
    if (owner === undefined || own.has(resource.key)) return [];
    return [{ resource, owner: owner.name, typed: appliedName(owner, blueprints) }];
  });
  return loaded.flatMap((resource) => [...overlap(resource, staying), ...takenAddress(resource, staying)]);
}

interface Staying {
  readonly resource: RunningResource;
  /** Name of its blueprint. */
  readonly owner: string;
  /** As it can be typed. */
  readonly typed: string;
}

/** What is looked at of a decoded block: a network, or something in one. */
interface Networked {
  readonly subnet?: string;
  readonly network?: readonly { readonly ip_address?: string }[];
}

function overlap({ key, type, config, located }: Loaded, staying: readonly Staying[]): Diagnostic[] {
  const subnet = type.type === 'network' ? parseSubnet((config as Networked | undefined)?.subnet ?? '') : undefined;
  if (!subnet) return [];
  const other = staying.find(({ resource }) => {
    const taken = resource.type === 'network' ? parseSubnet((resource.spec as { subnet: string }).subnet) : undefined;
    return taken !== undefined && overlaps(taken, subnet);
  });
  if (!other) return [];
  const { subnet: taken } = other.resource.spec as { subnet: string };
  const range = locatePath(located, 'subnet');
  return [
    errorAt(range, `${key} overlaps ${other.resource.key}, which runs`, {
      detail: `${other.resource.key} of blueprint ${other.owner} is ${taken}`,
      hint: `choose another range, or: mesh destroy ${other.typed}`,
    }),
  ];
}

function takenAddress({ config, located }: Loaded, staying: readonly Staying[]): Diagnostic[] {
  const address = (config as Networked | undefined)?.network?.[0]?.ip_address;
  const holder = address === undefined ? undefined : staying.find(({ resource }) => resource.addresses.includes(address));
  if (!holder) return [];
  return [
    errorAt(locatePath(located, 'network[0].ip_address'), `address ${address} is taken`, {
      detail: `${holder.resource.key} of blueprint ${holder.owner} has it`,
      hint: `choose another one, or: mesh destroy ${holder.typed}`,
    }),
  ];
}
