import { mkdir } from 'node:fs/promises';
import type { MetricsFormat } from '../base/metrics-format.ts';
import type { Clock, Log, Random } from '../base/ports.ts';
import { Scope } from '../base/scope.ts';
import type { Watch } from '../base/watch.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { Op } from '../catalog/types.ts';
import type { DataplaneCommand, ForwardConfig, ProbeOutcome, TapFilter } from '../compile/proxy-config.ts';
import type { TracingDefault } from '../compile/telemetry/tracing.ts';
import type { EntryBase } from '../entries/kind.ts';
import { DEFAULT_CA_CONFIG } from '../pki/ca-config.ts';
import type { Root } from '../pki/root.ts';
import { parseSpiffeId } from '../pki/spiffe.ts';
import { diskStorage, memoryStorage } from '../store/storage.ts';
import { Acls } from './acl/acls.ts';
import { ACLS_OFF, type AclSettings, type AgentTokenSet, intentionDefault } from './acl/settings.ts';
import { HostedSidecars } from './agent/hosted-sidecars.ts';
import { LocalAgent, type ScriptPolicy } from './agent/local-agent.ts';
import { LogTap } from './agent/log-tap.ts';
import { type AgentLifecycle, type AgentServices, NO_LIFECYCLE } from './agent/services.ts';
import { DEFAULT_TUNING, LiveTuning, type Tuning } from './agent/tuning.ts';
import { openAuthority } from './ca/authority.ts';
import type { Compat } from './compatibility.ts';
import { DesiredState, type HostOptions } from './dataplane/desired.ts';
import { type Connection, DataplaneLink, type DataplaneStatus } from './dataplane/link.ts';
import type { TapListener } from './dataplane/session.ts';
import type { DnsOptions } from './dns/open.ts';
import type { DnsListener } from './dns/server.ts';
import { UserEvents } from './events.ts';
import { type Happened, History } from './history/history.ts';
import { eventsOfChange } from './history/of-change.ts';
import { followDataplane } from './history/of-dataplane.ts';
import type { Dashboard } from './http/dashboard.ts';
import { ENDPOINTS } from './http/endpoints/table.ts';
import { RequestBudget } from './http/request-budget.ts';
import { type HttpListener, listen } from './http/server.ts';
import type { HttpSettings, ListenAt } from './http/settings.ts';
import { Peerings } from './peering/peerings.ts';
import { type Change, type Committed, openRegistry, type Registry } from './registry.ts';
import { nodeIdOf, Servers } from './servers.ts';
import { SessionTimers } from './sessions.ts';
import { WaitHub } from './wait-hub.ts';

export interface ControlPlaneOptions {
  /** Folder for its files; made with mode 0700. */
  readonly dir: string;
  /** `memory`: nothing is written, and everything goes with the process. */
  readonly storage?: 'disk' | 'memory';
  /** Flush every write to the disk before it is acknowledged. */
  readonly durable: boolean;
  readonly datacenter: string;
  /** Node that the agent itself is. */
  readonly nodeName: string;
  /** A UUID; by default a random one that stays for the life of the folder. */
  readonly nodeId?: string;
  readonly nodeMeta?: Readonly<Record<string, string>>;
  /** Of that node, as others see it: loopback by default. */
  readonly address?: string;
  readonly clock: Clock;
  /** Leaves are valid since then at the latest, whatever the clock says; in milliseconds since the epoch. */
  readonly certificatesSince?: number;
  readonly random: Random;
  readonly log: Log;
  /** Of this program, for `agent/self`. */
  readonly version?: string;
  readonly compat?: Compat;
  /** Whose commands may be run as checks; nobody's by default. */
  readonly scripts?: ScriptPolicy;
  /** The data plane serves the sidecars of services that are registered with the agent. */
  readonly hostSidecars?: boolean;
  /** Processes that the data plane is spread over; 1 by default. */
  readonly dataplaneWorkers?: number;
  /** Where sidecars send spans that are configured for no other collector. */
  readonly tracing?: TracingDefault | undefined;
  /** Configuration of a CA that is made now (`connect.ca_config`). */
  readonly caConfig?: Readonly<Record<string, unknown>>;
  /** Consul's defaults if it isn't given. */
  readonly tuning?: Tuning;
  /** Off by default, as in Consul's `-dev`. */
  readonly acl?: AclSettings;
  /** At `/ui/` of every HTTP API; without it there are plain pages. */
  readonly dashboard?: Dashboard;
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
  /** What the agent itself is. */
  readonly node: { readonly nodeName: string; readonly nodeId: string };
  /** `<uuid>.consul`, for the life of the folder. */
  readonly trustDomain: string;
  /** The active root first. Secret: with its key. */
  roots(): readonly Root[];
  /** Services and checks that this agent looks after: those of its files are registered with it, too. */
  readonly agent: LocalAgent;
  /** Where everything of the control plane logs to; who watches the log hears it, too. */
  readonly logs: Log;
  /** For what only the process around it knows of. */
  readonly tell: (happened: Happened) => void;
  /** What only the process around it can do, for `agent/reload` and `agent/leave`. */
  hostedBy(lifecycle: AgentLifecycle): void;
  /** From a configuration that was read again; ports stay as they were. */
  tune(tuning: Tuning): void;
  /** Takes the tokens that the agent itself works with from its files again. */
  configureTokens(tokens: AgentTokenSet): void;
  /** See `Registry.commit`. */
  commit(ops: readonly Op[]): Promise<Committed>;
  /** Lets the local data plane serve this registration as soon as it is there; it keeps the last good configuration until `unhost`. */
  host(proxy: ProxyRef, options: HostOptions): void;
  /** See `DataplaneLink.leave`: drains the proxy before `unhost`, or until it is hosted again. */
  leave(proxy: ProxyRef, signal: AbortSignal): Promise<void>;
  unhost(proxy: ProxyRef): void;
  /** Replaces all plain forwards. */
  setForwards(forwards: readonly ForwardConfig[]): void;
  /**
   * Lets a data plane connect. Host first: one that comes back takes the first update for everything, and drops what isn't in it.
   * Rejects with the system's error when it can't listen.
   */
  listenDataplane(socketPath: string): Promise<void>;
  /** See `DataplaneLink.connect`. */
  connectDataplane(send: (command: DataplaneCommand) => void): Connection;
  /** Resolves when the data plane serves everything as of now; rejects with the signal's reason. Errors to bind: see `dataplane`. */
  synced(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is under way any more to targets that forwards have lost. Rejects with the signal's reason. */
  settleForwards(signal: AbortSignal): Promise<void>;
  /** Outcome by cluster. Rejects when no data plane is connected, or with the signal's reason. */
  probe(proxyId: string, signal: AbortSignal): Promise<Readonly<Record<string, ProbeOutcome>>>;
  /** What the sidecars of the data plane have counted, or one of them by its id. Rejects like `probe`. */
  metrics(format: MetricsFormat, proxyId: string | undefined, signal: AbortSignal): Promise<string>;
  /** Tells of requests through the data plane as they end; resolves at the signal, rejects when the data plane goes. */
  tap(filter: TapFilter, listener: TapListener, signal: AbortSignal): Promise<void>;
  /**
   * Serves the HTTP API. Rejects with the system's error (EADDRINUSE): who called knows whose port it was to be. Without
   * `server` it is the agent's own: it speaks for the datacenter that was opened first, or the implicit one.
   */
  listenHttp(at: ListenAt & { readonly server?: ServerRef; readonly settings?: HttpSettings }): Promise<HttpListener>;
  /**
   * Serves the catalog over DNS, UDP and TCP; `server` as with `listenHttp`. Rejects with the system's error. Closed with the
   * plane, or before.
   */
  listenDns(options: DnsOptions & { readonly server?: ServerRef }): Promise<DnsListener>;
  /** Makes a datacenter, with the node of its server. Entries that are there already stay. */
  openDatacenter(server: ServerRef, entries: readonly EntryBase[]): Promise<void>;
  /** The agent's own API speaks for the datacenter of this server from now on, instead of the one that was opened first. */
  speakFor(server: ServerRef): void;
  /** Removes a datacenter with everything in it. The implicit one is left as it was at first. */
  closeDatacenter(server: ServerRef): Promise<void>;
}

/** A Consul server, and the datacenter that it is. */
export interface ServerRef {
  readonly datacenter: string;
  readonly node: string;
  /** Reachable address. */
  readonly address: string;
  readonly id?: string;
  readonly meta?: Readonly<Record<string, string>>;
}

export async function openControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { dir, durable, datacenter, nodeName, clock, random, version = '0.0.0', compat = 'newer', acl = ACLS_OFF } = options;
  const { scripts = 'off', hostSidecars = false } = options;
  const log = new LogTap(options.log, clock);
  if (options.storage !== 'memory') await mkdir(dir, { recursive: true, mode: 0o700 });
  const storage = options.storage === 'memory' ? memoryStorage() : diskStorage(dir, { sync: durable });
  const scope = new Scope();
  try {
    // The link is made last and is what both others report to.
    const reports: { link?: DataplaneLink; registry?: Registry; sessions?: SessionTimers; agent?: LocalAgent } = {};
    const changes = new WaitHub();
    const history = new History(() => clock.now());
    scope.defer(() => history[Symbol.dispose]());
    history.add({ kind: 'agent', subject: 'agent', text: `the agent has begun, version ${version}`, level: 'info' });
    const onChange = (change: Change): void => {
      changes.publish(change.changed);
      for (const happened of eventsOfChange(change)) history.add(happened);
      reports.link?.follow(change);
      reports.sessions?.follow(change);
      reports.agent?.follow(change.changed);
    };
    // Both wait for the disk more than for anything else: they open side by side.
    const onTentative = (change: Change): void => reports.link?.prepare(change);
    const opening = openRegistry({ storage, datacenter, log, clock, onChange, onTentative });
    scope.defer(() =>
      opening.then(
        (opened) => opened[Symbol.asyncDispose](),
        () => undefined,
      ),
    );
    opening.catch(() => undefined);
    const authority = await openAuthority({
      storage,
      clock,
      ...(options.certificatesSince === undefined ? {} : { since: options.certificatesSince }),
      random,
      log,
      config: { ...defaultCaConfig(compat), ...options.caConfig },
      latestIndex: () => reports.registry?.snapshot.value.index ?? 0,
      onIssued: ({ identity, notAfter }) => tellOfLeaf(history, identity, notAfter),
      onRenewed: () => reports.link?.push(),
      publish: async () => {
        const { registry } = reports;
        const dcs = registry ? Array.from(registry.snapshot.value.datacenters.values(), ({ name }) => name) : [];
        await registry?.commit(dcs.map((dc) => authority.publication(dc)));
      },
    });
    scope.use(authority);
    const tuning = new LiveTuning(options.tuning ?? DEFAULT_TUNING);
    const requests = new RequestBudget(tuning, clock, log);
    const events = new UserEvents(random, (changed) => changes.publish(changed));
    const registry = await opening;
    reports.registry = registry;
    const { nodeId, nodeMeta: meta = {}, address = '127.0.0.1' } = options;
    const own: ServerRef = { datacenter, node: nodeName, address, meta, ...(nodeId === undefined ? {} : { id: nodeId }) };
    const servers = new Servers(registry, own, random, (dc) => authority.publication(dc), {
      compat,
      port: tuning.value.ports.server,
    });
    await servers.register(own);
    const desired = new DesiredState(registry.snapshot.value, {
      trustDomain: authority.trustDomain,
      defaultIntention: intentionDefault(acl),
      ...(options.tracing ? { tracing: options.tracing } : {}),
    });
    const link = scope.use(new DataplaneLink(desired, authority, log, options.dataplaneWorkers));
    reports.link = link;
    scope.defer(followDataplane(history, link, clock.now()));
    const sessions = scope.use(new SessionTimers({ clock, log, commit: (ops) => registry.commit(ops) }, registry.snapshot.value));
    reports.sessions = sessions;

    const { trustDomain } = authority;
    const { snapshot } = registry;
    const commit = (ops: readonly Op[]): Promise<Committed> => registry.commit(ops);
    const acls = scope.use(
      await Acls.open({
        dir: options.storage === 'memory' ? undefined : dir,
        settings: acl,
        snapshot,
        commit,
        primary: datacenter,
        compat,
        clock,
        random,
        log,
      }),
    );
    const sidecars = hostSidecars ? new HostedSidecars(link) : undefined;
    const local = new LocalAgent({ snapshot, commit, clock, random, log, compat, scripts, tuning, ...(sidecars ? { sidecars } : {}) });
    scope.defer(() => local.close());
    if (sidecars) scope.defer(sidecars.follow((check) => local.checks.hurry(check)));
    reports.agent = local;
    local.restore();
    let lifecycle = NO_LIFECYCLE;
    const startedAt = clock.now();
    const agent: AgentServices = {
      local,
      logs: log,
      traffic: link,
      history,
      startedAt,
      reload: () => lifecycle.reload(),
      leave: () => lifecycle.leave(),
      get blueprints() {
        return lifecycle.blueprints;
      },
      get workloadLogs() {
        return lifecycle.workloadLogs;
      },
    };
    const roots = (): readonly Root[] => authority.roots;
    const rootPems = (): readonly string[] => authority.roots.map(({ certPem }) => certPem);
    const peerings = scope.use(new Peerings({ snapshot, clock, log, commit, rootPems }));
    return {
      snapshot,
      dataplane: link.status,
      agent: local,
      logs: log,
      tune: (next) => tuning.renew(next),
      configureTokens: (tokens) => acls.tokens.configure(tokens),
      tell: (happened) => history.add(happened),
      hostedBy: (host) => {
        lifecycle = host;
      },
      node: { nodeName, nodeId: nodeIdOf(registry, own) ?? '' },
      trustDomain,
      roots,
      commit,
      host: (proxy, hostOptions) => link.host(idOf(proxy), hostOptions),
      leave: (proxy, signal) => link.leave(idOf(proxy), signal),
      unhost: (proxy) => link.unhost(idOf(proxy)),
      setForwards: (forwards) => link.setForwards(forwards),
      listenDataplane: (socketPath) => link.listen(socketPath),
      connectDataplane: (send) => link.connect(send),
      synced: (signal) => link.synced(signal),
      settleForwards: (signal) => link.settleForwards(signal),
      probe: (proxyId, signal) => link.probe(proxyId, signal),
      metrics: (format, proxyId, signal) => link.metrics(format, proxyId, signal),
      tap: (filter, listener, signal) => link.tap(filter, listener, signal),
      openDatacenter: (server, entries) => servers.open(server, entries),
      speakFor: (server) => servers.prefer(server),
      closeDatacenter: (server) => servers.close(server),
      listenHttp: async ({ server, settings, ...at }) => {
        const speaksFor = (): ServerRef => server ?? servers.first;
        const nodes = {
          get datacenter() {
            return speaksFor().datacenter;
          },
          get nodeName() {
            return speaksFor().node;
          },
          get nodeId() {
            return nodeIdOf(registry, speaksFor()) ?? '';
          },
          get tuning() {
            return tuning.value;
          },
        };
        // Not spread: what it speaks for changes while it listens.
        const api = Object.assign(nodes, {
          snapshot,
          changes,
          commit,
          trustDomain,
          roots,
          sessions,
          events,
          agent,
          peerings,
          dashboard: options.dashboard,
          clock,
          random,
          version,
          compat,
          ca: authority,
          acls,
          requests,
        });
        const listener = await listen({ at, endpoints: ENDPOINTS, api, log, ...(settings ? { settings } : {}) });
        return server ? listener : scope.use(listener);
      },
      listenDns: async ({ server, ...dns }) => {
        const [{ openDns }, { preparedQueriesOf }] = await Promise.all([import('./dns/open.ts'), import('./dns/prepared-query.ts')]);
        const speaksFor = (): ServerRef => server ?? servers.first;
        const node = (): string => speaksFor().node;
        const acl = () => acls.forDns(speaksFor().datacenter, node());
        const listener = await openDns(dns, {
          snapshot,
          datacenter: () => speaksFor().datacenter,
          node,
          acl,
          preparedQuery: preparedQueriesOf({
            snapshot: () => snapshot.value,
            node,
            acl,
            authorizer: (secret) => acls.authorizer(secret, speaksFor().datacenter, node()),
            random,
          }),
          clock,
          random,
          log,
        });
        return scope.use(listener);
      },
      [Symbol.asyncDispose]: () => scope.close(),
    };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** 1.8 knew no RootCertTTL. */
function defaultCaConfig(compat: Compat): Readonly<Record<string, unknown>> {
  const { RootCertTTL: _, ...old } = DEFAULT_CA_CONFIG;
  return compat === '1.8' ? old : DEFAULT_CA_CONFIG;
}

const idOf = ({ dc, node, id }: ProxyRef): string => `${dc}/${node}/${id}`;

function tellOfLeaf(history: History, identity: string, notAfter: number): void {
  const named = parseSpiffeId(identity);
  const subject = named.ok ? named.id.service : identity;
  const text = `a certificate was issued for ${subject}, good until ${new Date(notAfter).toISOString()}`;
  const leaf = { kind: 'certificate', subject, text, level: 'info', data: { identity, notAfter } } as const;
  history.gather(leaf, (count) => `${count} certificates were issued`);
}
