import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { affectedProxies } from '../../compile/affected.ts';
import { givenCertificate, isGiven } from '../../compile/gateways/certificates.ts';
import { buildProxyConfig, type ProxyOptions } from '../../compile/proxy.ts';
import { type ForwardConfig, identitiesOf, type LeafCertificate, type ProxyConfig } from '../../compile/proxy-config.ts';
import type { Change } from '../registry.ts';

type Built = ReturnType<typeof buildProxyConfig>;

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
  /** Names that each certificate carries, by identity; undefined after a change of what proxies show. */
  #certificates: ReadonlyMap<string, readonly string[]> | undefined;
  #snapshot: Snapshot;
  /** Built for a snapshot that is not in force yet, by proxy id. */
  #ahead: { readonly snapshot: Snapshot; readonly built: ReadonlyMap<string, Built> } | undefined;

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
    return new Set(this.#needed().keys());
  }

  /** Everything that its proxies show: what users gave, and leaves, which `issue` gets. */
  certificates(issue: (identity: string, dnsNames: readonly string[]) => LeafCertificate): ReadonlyMap<string, LeafCertificate> {
    const found = new Map<string, LeafCertificate>();
    for (const [identity, dnsNames] of this.#needed()) {
      const one = isGiven(identity) ? givenCertificate(this.#snapshot, identity) : issue(identity, dnsNames);
      if (one) found.set(one.identity, one);
    }
    return found;
  }

  /** One that was leaving stays. */
  host(id: string, options: HostOptions): void {
    this.#leaving.delete(id);
    this.#hosted.set(id, options);
    this.#ahead = undefined;
    this.#build(id);
  }

  /** It takes nothing new from now on. Its registration may be gone already. */
  leave(id: string): void {
    const config = this.#proxies.get(id);
    if (!config || this.#leaving.has(id)) return;
    this.#leaving.add(id);
    this.#problems.delete(id);
    this.#serve(id, leaving(config));
  }

  unhost(id: string): void {
    this.#leaving.delete(id);
    this.#hosted.delete(id);
    this.#proxies.delete(id);
    this.#certificates = undefined;
    this.#problems.delete(id);
  }

  setForwards(forwards: readonly ForwardConfig[]): void {
    this.#forwards = new Map(forwards.map((forward) => [forward.id, forward]));
  }

  /** Builds already what `follow` will need if the change comes to be. */
  prepare(change: Change): void {
    const { after } = change;
    this.#ahead = { snapshot: after, built: new Map(this.#touchedBy(change).map((id) => [id, this.#compile(after, id)])) };
  }

  /** Rebuilds what the change can have touched, and nothing else. False when that is nothing. */
  follow(change: Change): boolean {
    this.#snapshot = change.after;
    const affected = this.#ahead?.snapshot === change.after ? this.#hostedOf(this.#ahead.built.keys()) : this.#touchedBy(change);
    for (const id of affected) this.#build(id);
    this.#ahead = undefined;
    return affected.length > 0;
  }

  #touchedBy({ before, after, changed }: Change): string[] {
    return this.#hosted.size === 0 ? [] : this.#hostedOf(affectedProxies(before, after, changed));
  }

  #hostedOf(ids: Iterable<string>): string[] {
    return Array.from(ids).filter((id) => this.#hosted.has(id));
  }

  #compile(snapshot: Snapshot, id: string): Built {
    const { extraLoopback } = this.#hosted.get(id)!;
    return buildProxyConfig(snapshot, id, { ...this.#options, extraLoopback });
  }

  #build(id: string): void {
    const ahead = this.#ahead?.snapshot === this.#snapshot ? this.#ahead.built.get(id) : undefined;
    const built = ahead ?? this.#compile(this.#snapshot, id);
    const isLeaving = this.#leaving.has(id);
    if (!built.ok) {
      if (!isLeaving) this.#problems.set(id, built.error.map((diagnostic) => diagnostic.summary).join('; '));
      return;
    }
    this.#problems.delete(id);
    const config = isLeaving ? leaving(built.value) : built.value;
    if (this.#proxies.get(id)?.hash !== config.hash) this.#serve(id, config);
  }

  #serve(id: string, config: ProxyConfig): void {
    const before = this.#proxies.get(id);
    if (!before || !isDeepStrictEqual(shownBy(before), shownBy(config))) this.#certificates = undefined;
    this.#proxies.set(id, config);
  }

  #needed(): ReadonlyMap<string, readonly string[]> {
    if (!this.#certificates) {
      const proxies = [...this.#proxies.values()];
      const needed = new Map<string, readonly string[]>(proxies.flatMap(identitiesOf).map((identity) => [identity, []]));
      for (const { identity, dnsNames = [] } of proxies) needed.set(identity, dnsNames);
      this.#certificates = needed;
    }
    return this.#certificates;
  }
}

const leaving = (config: ProxyConfig): ProxyConfig => ({ ...config, leaving: true, hash: `${config.hash} leaving` });

const shownBy = (config: ProxyConfig): unknown => [config.dnsNames, identitiesOf(config)];

export const sameForward = (a: ForwardConfig | undefined, b: ForwardConfig): boolean => a === b || isDeepStrictEqual(a, b);
