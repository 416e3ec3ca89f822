import { MeshError } from '../../base/errors.ts';
import type { AddressRequest, ApplyContext, DatacenterPort, ForwardPort } from '../../blueprints/context.ts';
import type { Journal } from '../../blueprints/journal.ts';
import { resourceTypeOf } from '../../blueprints/resources/index.ts';
import { othersOf, recordOf } from '../../blueprints/state.ts';
import { allocate, parseSubnet } from '../../blueprints/subnet.ts';
import type { Driver } from '../../drivers/driver.ts';
import { bindError, freePort } from '../../drivers/process/address-book.ts';
import type { PortClaims } from '../../drivers/process/port-claims.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import { userFiles } from './files.ts';
import type { Registry } from './registry.ts';
import type { Workloads } from './workloads.ts';

export interface ContextParts {
  readonly driver: Driver;
  readonly workloads: Workloads;
  readonly registry: Registry;
  readonly forwards: ForwardPort;
  readonly datacenters: DatacenterPort;
  readonly journal: Journal;
  readonly ports: PortClaims;
  /** Host port of the agent's own API. */
  readonly apiPort: () => number | undefined;
}

/** What resource types may do, wired to a real driver, registry and data plane. */
export function applyContext(parts: ContextParts): ApplyContext {
  const { driver, journal } = parts;
  let allocating: Promise<unknown> = Promise.resolve();
  return {
    workloads: parts.workloads,
    registry: parts.registry,
    forwards: parts.forwards,
    datacenters: parts.datacenters,
    files: userFiles,

    allocate(request) {
      // One after the other: two at once would choose the same free address.
      const allocated = allocating.then(() => allocateOne(request, parts));
      allocating = allocated.catch(() => undefined);
      return allocated;
    },

    setPaused: (keys) => parts.workloads.setPaused(keys, parts.registry),
    restartOnChange: (id, watch) => parts.workloads.restartOnChange(id, watch, parts.registry),
    release: (addresses) => driver.release(addresses),

    handedOver: () => undefined,
    addressHolder: (address) => driver.claimed.get(address)?.owner,

    async portHolder(port) {
      if ((await bindError('127.0.0.1', port)) === undefined) return undefined;
      return describeOwner(await portOwner('127.0.0.1', port));
    },

    apiPort: () => parts.apiPort(),
    freePort: () => freePort('127.0.0.1'),
    claimPort: (port) => parts.ports.claim(port),
    releasePort: (port) => parts.ports.release(port),

    record(key, generation) {
      const record = recordOf(journal.state, key, generation);
      if (!record) throw new Error(`${key} is not in the state`);
      const { spec, definedAt, place, entryPlaces } = record.resource;
      return {
        spec,
        reservation: record.reservation,
        definedAt,
        ...(place === undefined ? {} : { place }),
        ...(entryPlaces ? { entryPlaces } : {}),
      };
    },

    others: (type, key, generation) => othersOf(journal.state, type, key, generation),
  };
}

async function allocateOne(request: AddressRequest, { driver, journal }: Pick<ContextParts, 'driver' | 'journal'>): Promise<string> {
  const { owner, ports, names, movable, subnet } = request;
  const address = request.wanted ?? lowestFree(request, driver, fixedAddresses(journal));
  const holder = driver.claimed.get(address);
  if (holder && holder.owner !== owner) {
    throw new MeshError('invalid', `${owner} wants address ${address}, which ${holder.owner} has`, {
      hint: `choose another address in ${subnet}`,
    });
  }
  await driver.reserve([{ owner, address, ports, names, ...(movable ? { movable } : {}) }]);
  return address;
}

function lowestFree(request: AddressRequest, driver: Driver, fixed: readonly string[]): string {
  const subnet = parseSubnet(request.subnet);
  const own = [...driver.claimed].find(([, entry]) => entry.owner === request.owner)?.[0];
  const address = own ?? (subnet && allocate(subnet, new Set([...driver.claimed.keys(), ...fixed])));
  if (address === undefined) throw new MeshError('invalid', `${request.owner}: no address is left in ${request.subnet}`);
  return address;
}

/** Those that others of the same run ask for, which may not have claimed them yet. */
function fixedAddresses({ state }: Journal): string[] {
  return [...state.resources.values()].flatMap(({ resource }) => resourceTypeOf(resource.type)?.fixedAddresses?.(resource.spec) ?? []);
}
