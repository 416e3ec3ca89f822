import { MeshError, messageOf } from '../../base/errors.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import { type Watch, Watchable } from '../../base/watch.ts';
import type { SetCa } from '../../catalog/ca.ts';
import { DEFAULT_CA_CONFIG } from '../../pki/ca-config.ts';
import type { Leaf } from '../../pki/leaf.ts';
import type { Root } from '../../pki/root.ts';
import type { RecordLog } from '../../store/log.ts';
import type { Storage } from '../../store/storage.ts';
import { WriteRefused } from '../registry.ts';
import { CsrLimit } from './csr-limit.ts';
import { Issuer, Leaves } from './leaves.ts';
import { checkedConfig, decodedConfig, newRoot, pruned, reconfigured, renewed } from './reconfigure.ts';
import { type ServedLeaf, ServedLeaves } from './served.ts';
import { activeRoot, type CaState, FIRST_SERIAL, publicHalf, type StoredCaConfig, stateOf } from './state.ts';

export interface AuthorityOptions {
  /** Holds its file, `ca.log`, with the root's key. */
  readonly storage: Storage;
  readonly clock: Clock;
  /** See `Issuer`. */
  readonly since?: number;
  readonly random: Random;
  readonly log: Log;
  /** For a CA that is made now; one that is there keeps its own. Consul's defaults when absent. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Index of the registry. */
  latestIndex(): number;
  /** Told of each leaf that is signed. */
  onIssued?(leaf: Leaf): void;
  /** Called after leaves were renewed, or roots replaced. */
  onRenewed(): void;
  /** Lets every datacenter say what the CA is now: see `publication`. */
  publish(): Promise<void>;
}

/** No leaf could be signed in time. The message is Consul's. */
export class CsrRateLimited extends Error {
  constructor() {
    super('Rate limit reached, try again later');
  }
}

/** The CA of one cluster: a root that outlives restarts, and leaves that are issued when first asked for. */
export interface Authority extends AsyncDisposable {
  readonly trustDomain: string;
  /** The active one first. */
  readonly roots: readonly Root[];
  /** Counts the roots that followed each other: leaves of before are void. */
  readonly epoch: Watch<number>;
  /** What a datacenter says of the CA, without secrets. */
  publication(dc: string): SetCa;
  /** The present certificate of an identity that our own data plane serves. */
  leaf(identity: string, dnsNames?: readonly string[]): Leaf;
  /** Forgets, and no longer renews, what isn't among these. */
  retain(identities: ReadonlySet<string>): void;
  /** The present certificate of an identity for somebody else. Rejects with CsrRateLimited, or the signal's reason. */
  serve(identity: string, signal: AbortSignal): Promise<{ readonly served: ServedLeaf; readonly isNew: boolean }>;
  /**
   * Resolves when the configuration is in force and on the disk, and with it, if it asks for another key, the new root.
   * Rejects with a WriteRefused in Consul's words.
   */
  configure(request: StoredCaConfig): Promise<void>;
}

/** Roots that are no longer needed go, and one that nears its end is replaced, as often as Consul looks. */
const UPKEEP_MS = 3_600_000;

/** A root is replaced by its successor when this much of its life is over. */
const RENEW_ROOT_AFTER = 0.9;

/** Rejects with a MeshError when the file can't be used, or what the CA is to be is wrong. */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const log = await options.storage.open<CaState | Root>('ca.log');
  try {
    if (log.damage) options.log.log('error', log.damage.message, { keptAt: log.damage.keptAt });
    const config = { provider: 'consul', config: options.config ?? DEFAULT_CA_CONFIG, forceWithoutCrossSigning: false };
    const record = log.records.at(-1);
    if (record) return new LocalAuthority(options, log, stateOf(record, config));
    const state = await firstState(options, config).catch((error: unknown) => {
      if (error instanceof WriteRefused) throw new MeshError('invalid', `connect.ca_config: ${error.message}`);
      throw error;
    });
    await log.append(state);
    return new LocalAuthority(options, log, state);
  } catch (error) {
    await log.close();
    throw error;
  }
}

async function firstState(options: AuthorityOptions, config: StoredCaConfig): Promise<CaState> {
  const { ClusterID } = options.config ?? {};
  const trustDomain = `${typeof ClusterID === 'string' && ClusterID !== '' ? ClusterID : options.random.uuid()}.consul`;
  const state: CaState = { type: 'ca', trustDomain, nextSerial: FIRST_SERIAL, config, roots: [] };
  const root = await newRoot(state, checkedConfig(state), options);
  return { ...state, nextSerial: FIRST_SERIAL + 1, roots: [{ root, intermediates: [] }] };
}

class LocalAuthority implements Authority {
  readonly epoch = new Watchable(0);
  readonly #options: AuthorityOptions;
  readonly #log: RecordLog<CaState | Root>;
  readonly #csrLimit: CsrLimit;
  readonly #leaves: Leaves;
  readonly #served: ServedLeaves;
  readonly #stopped = new AbortController();
  #state: CaState;
  #csrPerSecond: number;
  #nextSerial: number;
  #last: Promise<void> = Promise.resolve();

  constructor(options: AuthorityOptions, log: RecordLog<CaState | Root>, state: CaState) {
    this.#options = options;
    this.#log = log;
    this.#state = state;
    this.#csrPerSecond = decodedConfig(state).csrMaxPerSecond;
    // From the clock, so that no number comes twice after a restart and none has to be stored.
    this.#nextSerial = Math.max(FIRST_SERIAL + 1, options.clock.now());
    this.#csrLimit = new CsrLimit(options.clock);
    const issuer = this.#newIssuer();
    this.#leaves = new Leaves(issuer, options.clock, () => options.onRenewed());
    this.#served = new ServedLeaves(issuer, () => options.latestIndex());
    void this.#keepUp();
  }

  get trustDomain(): string {
    return this.#state.trustDomain;
  }

  get roots(): readonly Root[] {
    return this.#state.roots.map(({ root }) => root);
  }

  publication(dc: string): SetCa {
    return publicHalf(this.#state, dc);
  }

  leaf(identity: string, dnsNames: readonly string[] = []): Leaf {
    return this.#leaves.get(identity, dnsNames);
  }

  retain(identities: ReadonlySet<string>): void {
    this.#leaves.retain(identities);
  }

  async serve(identity: string, signal: AbortSignal): Promise<{ served: ServedLeaf; isNew: boolean }> {
    const { clock } = this.#options;
    const present = this.#served.find(identity, clock.now());
    if (present) return { served: present, isNew: false };
    if (!(await this.#csrLimit.admit(this.#csrPerSecond, signal))) throw new CsrRateLimited();
    // Another request may have come before this one had its turn.
    const served = this.#served.find(identity, clock.now());
    return served ? { served, isNew: false } : { served: this.#served.make(identity), isNew: true };
  }

  configure(request: StoredCaConfig): Promise<void> {
    return this.#change((state) => reconfigured(state, request, this.#options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    this.#leaves.close();
    await this.#last;
    await this.#log.close();
  }

  /** One change after the other: each starts from what the one before it has left. */
  #change(step: (state: CaState) => Promise<CaState>): Promise<void> {
    const done = this.#last.then(async () => {
      const before = this.#state;
      const after = await step(before);
      if (after === before) return;
      await this.#log.rewrite([after]);
      this.#adopt(after);
      await this.#options.publish();
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  #adopt(next: CaState): void {
    const before = this.#state;
    this.#state = next;
    this.#csrPerSecond = decodedConfig(next).csrMaxPerSecond;
    const { id } = activeRoot(next).root;
    const isRotated = id !== activeRoot(before).root.id;
    // With another lifetime, leaves stay until they are due, as in Consul.
    const issuer = this.#newIssuer();
    this.#leaves.use(issuer, isRotated ? 'void' : 'keep');
    this.#served.use(issuer, isRotated ? 'void' : 'keep');
    if (isRotated) {
      this.#options.log.log('info', 'the CA has a new root', { id });
      this.epoch.set(this.epoch.value + 1);
    }
    this.#options.onRenewed();
  }

  #newIssuer(): Issuer {
    const { clock, random } = this.#options;
    const ttlMs = decodedConfig(this.#state).leafCertTtlNs / 1e6;
    return new Issuer(
      this.#state,
      ttlMs,
      {
        clock,
        random,
        nextSerial: () => this.#nextSerial++,
        onIssued: (leaf) => this.#options.onIssued?.(leaf),
      },
      this.#options.since,
    );
  }

  async #keepUp(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const woken = await clock.sleep(UPKEEP_MS, signal).then(
        () => true,
        () => false,
      );
      if (!woken) return;
      try {
        await this.#change((state) => Promise.resolve(pruned(state, clock.now())));
        await this.#change((state) => this.#renewRoot(state));
      } catch (error) {
        log.log('error', 'the CA could not be renewed', { error: messageOf(error) });
      }
    }
  }

  #renewRoot(state: CaState): Promise<CaState> {
    const { clock, log } = this.#options;
    const { root } = activeRoot(state);
    const { notBefore, notAfter } = root;
    if (clock.now() < notBefore + RENEW_ROOT_AFTER * (notAfter - notBefore)) return Promise.resolve(state);
    if (decodedConfig(state).rootCert === '') return renewed(state, this.#options);
    log.log('warn', 'the root of the CA, which was given to it, ends soon', { id: root.id, notAfter: new Date(notAfter).toISOString() });
    return Promise.resolve(state);
  }
}
