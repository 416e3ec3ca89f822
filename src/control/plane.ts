import { mkdir } from 'node:fs/promises';
import type { Clock, Log, Random } from '../base/ports.ts';
import { Scope } from '../base/scope.ts';
import type { Watch } from '../base/watch.ts';
import { nodes } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Op } from '../catalog/types.ts';
import type { ForwardConfig, ProbeOutcome } from '../compile/proxy-config.ts';
import type { Root } from '../pki/root.ts';
import { openAuthority } from './authority.ts';
import { DesiredState, type HostOptions } from './dataplane/desired.ts';
import { DataplaneLink, type DataplaneStatus } from './dataplane/link.ts';
import { ENDPOINTS } from './http/endpoints/table.ts';
import { type HttpListener, listen } from './http/server.ts';
import { type Committed, openRegistry, type Registry } from './registry.ts';

export interface ControlPlaneOptions {
  /** Folder for its files; made with mode 0700. */
  readonly dir: string;
  /** Flush every write to the disk before it is acknowledged. */
  readonly durable: boolean;
  readonly datacenter: string;
  /** Node that the agent itself is. */
  readonly nodeName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Of this program, for `agent/self`. */
  readonly version?: string;
}

export interface ProxyRef {
  readonly dc: string;
  readonly node: string;
  /** Service id of the connect-proxy registration. */
  readonly id: string;
}

/** Registry, CA, HTTP API and the link to the data plane: what Consul's server and agent are, in one object. */
export interface ControlPlane extends AsyncDisposable {
  readonly snapshot: Watch<Snapshot>;
  readonly dataplane: Watch<DataplaneStatus>;
  /** `<uuid>.consul`, for the life of the folder. */
  readonly trustDomain: string;
  /** The active root first. Secret: with its key. */
  roots(): readonly Root[];
  /** See `Registry.commit`. */
  commit(ops: readonly Op[]): Promise<Committed>;
  /** Lets the local data plane serve this registration as soon as it is there; it keeps the last good configuration until `unhost`. */
  host(proxy: ProxyRef, options: HostOptions): void;
  unhost(proxy: ProxyRef): void;
  /** Replaces all plain forwards. */
  setForwards(forwards: readonly ForwardConfig[]): void;
  /**
   * Lets a data plane connect. Host first: one that comes back takes the first update for everything, and drops what isn't in it.
   * Rejects with the system's error when it can't listen.
   */
  listenDataplane(socketPath: string): Promise<void>;
  /** Resolves when the data plane serves everything as of now; rejects with the signal's reason. Errors to bind: see `dataplane`. */
  synced(signal: AbortSignal): Promise<void>;
  /** Outcome by cluster. Rejects when no data plane is connected, or with the signal's reason. */
  probe(proxyId: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>>;
  /** Serves the HTTP API. Rejects with the system's error (EADDRINUSE): who called knows whose port it was to be. */
  listenHttp(at: { readonly host: string; readonly port: number }): Promise<HttpListener>;
}

export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dir, durable, datacenter, nodeName, clock, random, log, version = '0.0.0' } = options;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const scope = new Scope();
  try {
    // The link is made last and is what both others report to.
    const reports: { link?: DataplaneLink } = {};
    const authority = scope.use(await openAuthority({ dir, durable, clock, random, log, onRenewed: () => reports.link?.push() }));
    const registry = scope.use(await openRegistry({ dir, durable, datacenter, log, onChange: (change) => reports.link?.follow(change) }));
    const nodeId = await registerSelf(registry, datacenter, nodeName, random);
    const link = scope.use(new DataplaneLink(new DesiredState(authority.trustDomain, registry.snapshot.value), authority, log));
    reports.link = link;

    const { trustDomain } = authority;
    const { snapshot } = registry;
    const commit = (ops: readonly Op[]): Promise<Committed> => registry.commit(ops);
    const roots = (): readonly Root[] => authority.roots;
    return {
      snapshot,
      dataplane: link.status,
      trustDomain,
      roots,
      commit,
      host: (proxy, hostOptions) => link.host(idOf(proxy), hostOptions),
      unhost: (proxy) => link.unhost(idOf(proxy)),
      setForwards: (forwards) => link.setForwards(forwards),
      listenDataplane: (socketPath) => link.listen(socketPath),
      synced: (signal) => link.synced(signal),
      probe: (proxyId, signal) => link.probe(proxyId, signal),
      listenHttp: async ({ host, port }) => {
        const api = { snapshot, commit, datacenter, nodeName, nodeId, trustDomain, roots, clock, random, version };
        return scope.use(await listen({ host, port, endpoints: ENDPOINTS, api, log }));
      },
      [Symbol.asyncDispose]: () => scope.close(),
    };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

const idOf = ({ dc, node, id }: ProxyRef): string => `${dc}/${node}/${id}`;

/** The agent's own node with Consul's check that the agent is alive. Returns the node's id, which stays for the life of the folder. */
async function registerSelf(registry: Registry, dc: string, nodeName: string, random: Random): Promise<string> {
  const known = nodes(registry.snapshot.value, dc).value.find((node) => node.Node === nodeName);
  if (known) return known.ID;
  const address = '127.0.0.1';
  const id = random.uuid();
  const tagged = { lan: address, lan_ipv4: address, wan: address, wan_ipv4: address };
  const node = { Node: nodeName, ID: id, Address: address, Datacenter: dc, TaggedAddresses: tagged, Meta: {} };
  const alive = { CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing', Output: 'Agent alive and reachable' } as const;
  const check = { ...alive, Node: nodeName, Notes: '', ServiceID: '', ServiceName: '', Type: '' };
  await registry.commit([{ type: 'register', dc, node, checks: [check] }]);
  return id;
}
