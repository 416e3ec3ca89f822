import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { affectedProxies } from '../../compile/affected.ts';
import { givenCertificate, isGiven } from '../../compile/gateways/certificates.ts';
import { buildProxyConfig, type ProxyOptions } from '../../compile/proxy.ts';
import { type ForwardConfig, identitiesOf, type LeafCertificate, type ProxyConfig } from '../../compile/proxy-config.ts';
import type { Change } from '../registry.ts';

export interface HostOptions {
  /** Offer the upstream ports on 127.0.0.1 too. */
  readonly extraLoopback: boolean;
}

/** What the local data plane shall serve, at one index of the catalog. */
export class DesiredState {
  readonly #options: Omit<ProxyOptions, 'extraLoopback'>;
  readonly #hosted = new Map<string, HostOptions>();
  readonly #proxies = new Map<string, ProxyConfig>();
  readonly #problems = new Map<string, string>();
  readonly #leaving = new Set<string>();
  #forwards: ReadonlyMap<string, ForwardConfig> = new Map();
  #snapshot: Snapshot;

  /** `options` are those of all proxies. */
  constructor(snapshot: Snapshot, options: Omit<ProxyOptions, 'extraLoopback'>) {
    this.#options = options;
    this.#snapshot = snapshot;
  }

  get index(): number {
    return this.#snapshot.index;
  }

  get hosted(): ReadonlyMap<string, HostOptions> {
    return this.#hosted;
  }

  /** Configurations by proxy id. A hosted proxy is missing as long as none could ever be built. */
  get proxies(): ReadonlyMap<string, ProxyConfig> {
    return this.#proxies;
  }

  get forwards(): ReadonlyMap<string, ForwardConfig> {
    return this.#forwards;
  }

  /** Why the newest configuration of a proxy could not be built, by id; the last good one then stays. */
  get problems(): ReadonlyMap<string, string> {
    return this.#problems;
  }

  identities(): ReadonlySet<string> {
    return new Set(Array.from(this.#proxies.values(), identitiesOf).flat());
  }

  /** Everything that its proxies show: what users gave, and leaves, which `issue` gets. */
  certificates(issue: (identity: string, dnsNames: readonly string[]) => LeafCertificate): ReadonlyMap<string, LeafCertificate> {
    const named = new Map(Array.from(this.#proxies.values(), ({ identity, dnsNames }) => [identity, dnsNames] as const));
    const found = Array.from(this.identities(), (identity) =>
      isGiven(identity) ? givenCertificate(this.#snapshot, identity) : issue(identity, named.get(identity) ?? []),
    );
    return new Map(found.flatMap((one) => (one ? [[one.identity, one] as const] : [])));
  }

  /** One that was leaving stays. */
  host(id: string, options: HostOptions): void {
    this.#leaving.delete(id);
    this.#hosted.set(id, options);
    this.#build(id);
  }

  /** It takes nothing new from now on. Its registration may be gone already. */
  leave(id: string): void {
    const config = this.#proxies.get(id);
    if (!config || this.#leaving.has(id)) return;
    this.#leaving.add(id);
    this.#problems.delete(id);
    this.#proxies.set(id, leaving(config));
  }

  unhost(id: string): void {
    this.#leaving.delete(id);
    this.#hosted.delete(id);
    this.#proxies.delete(id);
    this.#problems.delete(id);
  }

  setForwards(forwards: readonly ForwardConfig[]): void {
    this.#forwards = new Map(forwards.map((forward) => [forward.id, forward]));
  }

  /** Rebuilds what the change can have touched, and nothing else. False when that is nothing. */
  follow({ before, after, changed }: Change): boolean {
    this.#snapshot = after;
    if (this.#hosted.size === 0) return false;
    const affected = Array.from(affectedProxies(before, after, changed)).filter((id) => this.#hosted.has(id));
    for (const id of affected) this.#build(id);
    return affected.length > 0;
  }

  #build(id: string): void {
    const { extraLoopback } = this.#hosted.get(id)!;
    const built = buildProxyConfig(this.#snapshot, id, { ...this.#options, extraLoopback });
    const isLeaving = this.#leaving.has(id);
    if (!built.ok) {
      if (!isLeaving) this.#problems.set(id, built.error.map((diagnostic) => diagnostic.summary).join('; '));
      return;
    }
    this.#problems.delete(id);
    const config = isLeaving ? leaving(built.value) : built.value;
    if (this.#proxies.get(id)?.hash !== config.hash) this.#proxies.set(id, config);
  }
}

const leaving = (config: ProxyConfig): ProxyConfig => ({ ...config, leaving: true, hash: `${config.hash} leaving` });

export const sameForward = (a: ForwardConfig | undefined, b: ForwardConfig): boolean => isDeepStrictEqual(a, b);
