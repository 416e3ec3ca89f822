import { MeshError } from '../base/errors.ts';
import { didYouMean } from '../base/suggest.ts';
import { entry, services } from '../catalog/queries.ts';
import { LOOPBACK } from './held-ports.ts';
import { type InstanceRecord, registration, sidecarId } from './instance.ts';
import type { World } from './world.ts';

/** Kinds of entries that make a name callable though no instance has it. */
const VIRTUAL = ['service-resolver', 'service-router', 'service-splitter'];

/** A service that calls others and is called by nobody: whom `mesh.fetch` calls as. It is registered when it is first needed. */
export class Client {
  readonly #name: string;
  readonly #world: World;
  #record: InstanceRecord | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string, world: World) {
    this.#name = name;
    this.#world = world;
  }

  /** Where it calls a service. Throws a MeshError where there is none of that name. */
  async upstream(service: string): Promise<string> {
    // One after the other: each adds to what the one before it has registered.
    const ready = this.#last.then(() => this.#ensure(service));
    this.#last = ready.catch(() => undefined);
    return `http://${LOOPBACK}:${await ready}`;
  }

  async #ensure(service: string): Promise<number> {
    const known = this.#record?.upstreams.get(service);
    if (known !== undefined) return known;
    this.#mustExist(service);
    const { ports, random, datacenter } = this.#world;
    const names = this.#record ? [service] : [...new Set([service, ...this.#callable()])];
    const added = await Promise.all(names.map(async (name): Promise<[string, number]> => [name, await ports.take()]));
    const before = this.#record;
    this.#record = {
      id: this.#name,
      service: this.#name,
      nodeId: before?.nodeId ?? random.uuid(),
      address: LOOPBACK,
      // Nobody calls it: it stands for no application.
      port: before?.port ?? 9,
      sidecarPort: before?.sidecarPort ?? (await ports.take()),
      upstreams: new Map([...(before?.upstreams ?? []), ...added]),
      tags: [],
      meta: {},
      config: {},
    };
    if (!before) this.#world.host(this.#name, sidecarId(this.#name));
    await this.#world.commit([registration(this.#record, datacenter, 'passing')]);
    await this.#world.settled();
    return this.#record.upstreams.get(service)!;
  }

  #callable(): string[] {
    const { plane, datacenter } = this.#world;
    const named = services(plane.snapshot.value, datacenter, ({ service }) => service.Kind === '').value;
    return Object.keys(named).filter((name) => name !== this.#name && name !== 'consul');
  }

  #mustExist(service: string): void {
    const { plane, datacenter } = this.#world;
    const known = this.#callable();
    if (known.includes(service) || VIRTUAL.some((kind) => entry(plane.snapshot.value, datacenter, kind, service).value)) return;
    throw new MeshError('usage', `there is no service ${service} in this mesh`, {
      hint: didYouMean(service, known).hint ?? (known.length === 0 ? 'nothing is registered yet' : `there are ${known.join(', ')}`),
    });
  }
}
