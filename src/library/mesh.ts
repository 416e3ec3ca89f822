import { connect, type Socket } from 'node:net';
import { entry as storedEntry } from '../catalog/queries.ts';
import type { Op } from '../catalog/types.ts';
import type { EntryBase } from '../entries/kind.ts';
import { protocolOf } from './application.ts';
import { intention as intentionSpec, service as serviceSpec } from './builders.ts';
import { Client } from './client.ts';
import { readEntry, withIntention, withoutIntention } from './entries.ts';
import { httpCall } from './http-call.ts';
import { Instances } from './instances.ts';
import type { ConfigEntry, FetchInit, Handler, InstanceInfo, IntentionSpec, Mesh, ServiceOptions, ServiceSpec } from './types.ts';
import { upstreamAddress } from './upstream.ts';
import { targetUrl, type World } from './world.ts';

/** What is asked for at once: instances, entries, intentions. */
export interface Parts {
  readonly services: readonly ServiceSpec[];
  readonly configEntries: readonly ConfigEntry[];
  readonly intentions: readonly IntentionSpec[];
}

export class RunningMesh implements Mesh {
  readonly #world: World;
  readonly #instances: Instances;
  readonly #client: Client;
  #closing: Promise<void> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(world: World, client: string) {
    this.#world = world;
    this.#instances = new Instances(world);
    this.#client = new Client(client, world);
  }

  get address(): string {
    return this.#world.address;
  }

  get instances(): readonly InstanceInfo[] {
    return this.#instances.infos;
  }

  async fetch(service: string, path = '/', { from, ...init }: FetchInit = {}): Promise<Response> {
    const base = from === undefined ? await this.#client.upstream(service) : this.upstream(from, service);
    return httpCall(targetUrl(base, path), init);
  }

  async connect(service: string, { from }: { readonly from?: string } = {}): Promise<Socket> {
    const { hostname, port } = new URL(from === undefined ? await this.#client.upstream(service) : this.upstream(from, service));
    const socket = connect({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
    return socket;
  }

  upstream(from: string, name: string): string {
    const { plane, datacenter } = this.#world;
    return `http://${upstreamAddress(plane.snapshot.value, datacenter, from, name)}`;
  }

  /** Everything of it in one step: what belongs together is judged together. Resolves when it is served. */
  add(parts: Parts): Promise<void> {
    return this.#inTurn(() => this.#add(parts));
  }

  async #add({ services, configEntries, intentions }: Parts): Promise<void> {
    const { snapshot } = this.#world.plane;
    const { datacenter } = this.#world;
    const entries = new Map<string, EntryBase>();
    const stored = (kind: string, name: string): EntryBase | undefined =>
      entries.get(`${kind}/${name.toLowerCase()}`) ?? storedEntry(snapshot.value, datacenter, kind, name).value;
    const put = (entry: EntryBase): unknown => entries.set(`${entry.Kind}/${entry.Name.toLowerCase()}`, entry);
    for (const given of configEntries) put(readEntry(withProtocol(given, services)));
    for (const spec of services) {
      const Protocol = spec.options.protocol ?? protocolOf(spec.handler);
      if (Protocol !== 'tcp' && !stored('service-defaults', spec.name))
        put(readEntry({ Kind: 'service-defaults', Name: spec.name, Protocol }));
    }
    for (const spec of intentions) put(withIntention(stored('service-intentions', spec.destination), spec));
    const ops = await this.#instances.open(services);
    await this.#write([...Array.from(entries.values(), (entry): Op => ({ type: 'put-entry', dc: datacenter, entry })), ...ops]);
  }

  async service(name: string, handler: Handler, options: ServiceOptions = {}): Promise<readonly InstanceInfo[]> {
    const before = new Set(this.instances.map(({ id }) => id));
    await this.add({ services: [serviceSpec(name, handler, options)], configEntries: [], intentions: [] });
    return this.instances.filter(({ id }) => !before.has(id));
  }

  configEntry(...configEntries: readonly ConfigEntry[]): Promise<void> {
    return this.add({ services: [], configEntries, intentions: [] });
  }

  deleteConfigEntry(kind: ConfigEntry['Kind'], name: string): Promise<void> {
    return this.#inTurn(() => this.#write([{ type: 'delete-entry', dc: this.#world.datacenter, kind, name }]));
  }

  intention(source: string, destination: string, action: IntentionSpec['action']): Promise<void> {
    return this.add({ services: [], configEntries: [], intentions: [intentionSpec(source, destination, action)] });
  }

  deleteIntention(source: string, destination: string): Promise<void> {
    return this.#inTurn(async () => {
      const { plane, datacenter: dc } = this.#world;
      const kind = 'service-intentions';
      const left = withoutIntention(storedEntry(plane.snapshot.value, dc, kind, destination).value, source, destination);
      await this.#write([left ? { type: 'put-entry', dc, entry: left } : { type: 'delete-entry', dc, kind, name: destination }]);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#instances.close();
    await this.#world[Symbol.asyncDispose]();
  }

  /** What is written next builds on what was written before. */
  #inTurn<A>(write: () => Promise<A>): Promise<A> {
    const written = this.#last.then(write);
    this.#last = written.catch(() => undefined);
    return written;
  }

  async #write(ops: readonly Op[]): Promise<void> {
    await this.#world.commit(ops);
    await this.#world.settled();
  }
}

/** Consul: a service-defaults without a Protocol is tcp. Who gives a handler of requests doesn't mean that. */
function withProtocol(given: ConfigEntry, services: readonly ServiceSpec[]): ConfigEntry {
  if (given?.Kind !== 'service-defaults' || given.Protocol !== undefined) return given;
  const spec = services.find(({ name }) => name === given.Name);
  return spec ? { ...given, Protocol: spec.options.protocol ?? protocolOf(spec.handler) } : given;
}
