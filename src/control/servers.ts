import type { Random } from '../base/ports.ts';
import { nodes } from '../catalog/queries.ts';
import type { Op } from '../catalog/types.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { ServerRef } from './plane.ts';
import type { Registry } from './registry.ts';

/** The Consul servers that this agent stands for: its own implicit one, and those that blueprints run as containers. */
export class Servers {
  readonly #registry: Registry;
  readonly #own: ServerRef;
  readonly #random: Random;
  readonly #opened: ServerRef[] = [];

  constructor(registry: Registry, own: ServerRef, random: Random) {
    this.#registry = registry;
    this.#own = own;
    this.#random = random;
  }

  /** Whom the agent's own API speaks for. */
  get first(): ServerRef {
    return this.#opened[0] ?? this.#own;
  }

  prefer(server: ServerRef): void {
    const at = this.#indexOf(server);
    if (at > 0) this.#opened.unshift(...this.#opened.splice(at, 1));
  }

  async open(server: ServerRef, entries: readonly EntryBase[]): Promise<void> {
    await registerServer(this.#registry, server, this.#random);
    const dc = server.datacenter;
    for (const entry of entries) await this.#registry.commit([{ type: 'put-entry', dc, entry, cas: 0 }]);
    this.#opened.push(server);
    if (this.#isUnused()) await this.#registry.commit([{ type: 'remove-datacenter', dc: this.#own.datacenter }]);
  }

  async close(server: ServerRef): Promise<void> {
    const at = this.#indexOf(server);
    if (at !== -1) this.#opened.splice(at, 1);
    await this.#registry.commit([{ type: 'remove-datacenter', dc: server.datacenter }]);
    if (this.#opened.length === 0) await registerServer(this.#registry, this.#own, this.#random);
  }

  #indexOf(server: ServerRef): number {
    return this.#opened.findIndex((other) => other.datacenter === server.datacenter && other.node === server.node);
  }

  /** Nobody would look for the implicit datacenter, beside one that was asked for by name. */
  #isUnused(): boolean {
    const { datacenter, node } = this.#own;
    if (this.#opened.some((server) => server.datacenter === datacenter)) return false;
    const tables = this.#registry.snapshot.value.datacenters.get(datacenter);
    return tables?.entries.size === 0 && tables.nodes.size <= 1 && nodeIdOf(this.#registry, { ...this.#own, node }) !== undefined;
  }
}

export function nodeIdOf(registry: Registry, { datacenter, node }: ServerRef): string | undefined {
  return nodes(registry.snapshot.value, datacenter).value.find((row) => row.Node === node)?.ID;
}

/** The node of a server with Consul's check that it is alive. Its id stays for the life of the folder. */
export async function registerServer(registry: Registry, server: ServerRef, random: Random): Promise<void> {
  if (nodeIdOf(registry, server) !== undefined) return;
  const { datacenter: dc, node: name, address } = server;
  const tagged = { lan: address, lan_ipv4: address, wan: address, wan_ipv4: address };
  const node = { Node: name, ID: random.uuid(), Address: address, Datacenter: dc, TaggedAddresses: tagged, Meta: {} };
  const alive = { CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing', Output: 'Agent alive and reachable' } as const;
  const check = { ...alive, Node: name, Notes: '', ServiceID: '', ServiceName: '', Type: '' };
  await registry.commit([{ type: 'register', dc, node, checks: [check] } satisfies Op]);
}
