import { sortedByKey } from '../base/order.ts';
import type { Random } from '../base/ports.ts';
import type { SetCa } from '../catalog/ca.ts';
import { nodes } from '../catalog/queries.ts';
import type { Op, Service, Unindexed } from '../catalog/types.ts';
import type { EntryBase } from '../entries/kind.ts';
import { inWriteOrder } from '../entries/write-order.ts';
import { type Compat, consulVersion } from './compatibility.ts';
import type { ServerRef } from './plane.ts';
import type { Registry } from './registry.ts';

/** The Consul servers that this agent stands for: its own implicit one, and those that blueprints run as containers. */
export class Servers {
  readonly #registry: Registry;
  readonly #own: ServerRef;
  readonly #random: Random;
  readonly #publication: (dc: string) => SetCa;
  readonly #compat: Compat;
  readonly #port: number;
  /** Whom the agent's own API speaks for comes first. */
  readonly #opened: ServerRef[] = [];

  /** `publication` is what a datacenter says of the CA. `port` is what is said to be that of servers. */
  constructor(
    registry: Registry,
    own: ServerRef,
    random: Random,
    publication: (dc: string) => SetCa,
    { compat = 'newer', port = 8300 }: { readonly compat?: Compat; readonly port?: number } = {},
  ) {
    this.#registry = registry;
    this.#own = own;
    this.#random = random;
    this.#publication = publication;
    this.#compat = compat;
    this.#port = port;
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
    await this.register(server);
    const dc = server.datacenter;
    for (const entry of inWriteOrder(entries)) await this.#registry.commit([{ type: 'put-entry', dc, entry, cas: 0 }]);
    this.#opened.push(server);
    await this.#retireOwn();
  }

  async close(server: ServerRef): Promise<void> {
    const at = this.#indexOf(server);
    if (at !== -1) this.#opened.splice(at, 1);
    const { datacenter: dc, node } = server;
    const others = this.#opened.filter((other) => other.datacenter === dc);
    const successor = others.find((other) => other.node === node);
    if (successor) await this.register(successor);
    else if (others.length > 0 || this.#isShared(server)) await this.#registry.commit([{ type: 'deregister', dc, node }]);
    else await this.#registry.commit([{ type: 'remove-datacenter', dc }]);
    if (this.#opened.length === 0) await this.register(this.#own);
  }

  /** The node of a server with Consul's check that it is alive. Its id stays for the life of the folder. */
  async register(server: ServerRef): Promise<void> {
    const { datacenter: dc, node: name, address } = server;
    const version = this.#compat === '1.8' ? {} : { 'consul-version': consulVersion(this.#compat) };
    const meta = { 'consul-network-segment': '', ...version, ...server.meta };
    const tagged = { lan: address, lan_ipv4: address, wan: address, wan_ipv4: address };
    const id = server.id ?? nodeIdOf(this.#registry, server) ?? this.#random.uuid();
    const node = { Node: name, ID: id, Address: address, Datacenter: dc, TaggedAddresses: tagged, Meta: meta };
    const alive = { CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing', Output: 'Agent alive and reachable' } as const;
    const check = { ...alive, Node: name, Notes: '', ServiceID: '', ServiceName: '', Type: '' };
    await this.#registry.commit([
      { type: 'register', dc, node, services: [consulService(name, this.#compat, this.#port)], checks: [check] } satisfies Op,
      this.#publication(dc),
    ]);
  }

  #indexOf({ datacenter, node, address }: ServerRef): number {
    return this.#opened.findIndex((other) => other.datacenter === datacenter && other.node === node && other.address === address);
  }

  /** Whether others were registered in the implicit datacenter before a server of its name came: theirs is not to go with it. */
  #isShared({ datacenter, node }: ServerRef): boolean {
    const own = this.#own;
    if (datacenter !== own.datacenter) return false;
    return nodes(this.#registry.snapshot.value, datacenter).value.some((row) => row.Node !== node && row.Node !== own.node);
  }

  /** Beside a server that was asked for nobody would look for the implicit one, nor for its datacenter if that has another name. */
  async #retireOwn(): Promise<void> {
    const { datacenter: dc, node } = this.#own;
    const tables = this.#registry.snapshot.value.datacenters.get(dc);
    if (!tables || Array.from(tables.services.values()).some((service) => service.Node === node && service.Service !== 'consul')) return;
    const isTakenOver = this.#opened.some((server) => server.datacenter === dc);
    const isEmpty = tables.entries.size === 0 && Array.from(tables.nodes.values()).every((row) => row.Node === node);
    if (isTakenOver && !this.#opened.some((server) => server.node === node))
      await this.#registry.commit([{ type: 'deregister', dc, node }]);
    else if (!isTakenOver && isEmpty) await this.#registry.commit([{ type: 'remove-datacenter', dc }]);
  }
}

export function nodeIdOf(registry: Registry, { datacenter, node }: ServerRef): string | undefined {
  return nodes(registry.snapshot.value, datacenter).value.find((row) => row.Node === node)?.ID;
}

/** Every server of Consul is an instance of a service of this name. */
function consulService(node: string, compat: Compat, port: number): Unindexed<Service> {
  const serf = { serf_protocol_current: '2', serf_protocol_max: '5', serf_protocol_min: '1' };
  const newer = compat === '1.8' ? {} : { grpc_port: '8502', read_replica: 'false' };
  const meta = { ...newer, non_voter: 'false', raft_version: '3', ...serf, version: consulVersion(compat) };
  return {
    Node: node,
    Kind: '',
    ID: 'consul',
    Service: 'consul',
    Tags: [],
    Address: '',
    Port: port,
    TaggedAddresses: {},
    Meta: sortedByKey(meta),
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    ConnectNative: false,
  };
}
