import { entry as storedEntry } from '../catalog/queries.ts';
import type { Op } from '../catalog/types.ts';
import type { EntryBase } from '../entries/kind.ts';
import { protocolOf } from './application.ts';
import { readEntry, withIntention, withoutIntention } from './entries.ts';
import { withFault } from './fault.ts';
import type { Instances } from './instances.ts';
import type { ConfigEntry, FaultOptions, IntentionSpec, ServiceSpec } from './types.ts';
import type { World } from './world.ts';

/** What is asked for at once: instances, entries, intentions. */
export interface Parts {
  readonly services?: readonly ServiceSpec[];
  readonly configEntries?: readonly ConfigEntry[];
  readonly intentions?: readonly IntentionSpec[];
}

const INTENTIONS = 'service-intentions';
const DEFAULTS = 'service-defaults';

/** Changes of what is registered and configured, one after the other; each resolves when all sidecars work by it. */
export class Writes {
  readonly #world: World;
  readonly #instances: Instances;
  #last: Promise<unknown> = Promise.resolve();

  constructor(world: World, instances: Instances) {
    this.#world = world;
    this.#instances = instances;
  }

  /** Everything of it in one step: what belongs together is judged together. */
  add({ services = [], configEntries = [], intentions = [] }: Parts): Promise<void> {
    return this.#inTurn(async () => {
      const entries = new Map<string, EntryBase>();
      const keyOf = (kind: string, name: string): string => `${kind}/${name.toLowerCase()}`;
      const present = (kind: string, name: string): EntryBase | undefined => entries.get(keyOf(kind, name)) ?? this.#stored(kind, name);
      const put = (entry: EntryBase): unknown => entries.set(keyOf(entry.Kind, entry.Name), entry);
      for (const given of configEntries) put(readEntry(withProtocol(given, services)));
      for (const spec of services) {
        const Protocol = spec.options.protocol ?? protocolOf(spec.handler);
        if (Protocol !== 'tcp' && !present(DEFAULTS, spec.name)) put(readEntry({ Kind: DEFAULTS, Name: spec.name, Protocol }));
      }
      for (const spec of intentions) put(withIntention(present(INTENTIONS, spec.destination), spec));
      const { ops, giveUp } = await this.#instances.open(services);
      await this.#commit([...Array.from(entries.values(), (entry) => this.#put(entry)), ...ops]).catch(async (error: unknown) => {
        await giveUp();
        throw error;
      });
    });
  }

  deleteConfigEntry(kind: ConfigEntry['Kind'], name: string): Promise<void> {
    return this.#inTurn(() => this.#commit([this.#delete(kind, name)]));
  }

  deleteIntention(source: string, destination: string): Promise<void> {
    return this.#inTurn(() => {
      const left = withoutIntention(this.#stored(INTENTIONS, destination), source, destination);
      return this.#commit([left ? this.#put(left) : this.#delete(INTENTIONS, destination)]);
    });
  }

  fault(service: string, fault: FaultOptions | undefined): Promise<void> {
    return this.#inTurn(() => this.#commit([this.#put(withFault(this.#stored(DEFAULTS, service), service, fault))]));
  }

  #stored(kind: string, name: string): EntryBase | undefined {
    return storedEntry(this.#world.plane.snapshot.value, this.#world.datacenter, kind, name).value;
  }

  #put(entry: EntryBase): Op {
    return { type: 'put-entry', dc: this.#world.datacenter, entry };
  }

  #delete(kind: string, name: string): Op {
    return { type: 'delete-entry', dc: this.#world.datacenter, kind, name };
  }

  async #commit(ops: readonly Op[]): Promise<void> {
    await this.#world.commit(ops);
    await this.#world.settled();
  }

  /** What is written next builds on what was written before. */
  #inTurn(write: () => Promise<void>): Promise<void> {
    const written = this.#last.then(write);
    this.#last = written.catch(() => undefined);
    return written;
  }
}

/** Consul: a service-defaults without a Protocol is tcp. Who gives a handler of requests doesn't mean that. */
function withProtocol(given: ConfigEntry, services: readonly ServiceSpec[]): ConfigEntry {
  if (given?.Kind !== DEFAULTS || given.Protocol !== undefined) return given;
  const spec = services.find(({ name }) => name === given.Name);
  return spec ? { ...given, Protocol: spec.options.protocol ?? protocolOf(spec.handler) } : given;
}
