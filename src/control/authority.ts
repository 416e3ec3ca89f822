import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Log, Random } from '../base/ports.ts';
import { issueLeaf, type Leaf, signingKeyOf } from '../pki/leaf.ts';
import { createRoot, type Root } from '../pki/root.ts';
import { renewAt } from '../pki/validity.ts';
import { openLog } from '../store/log.ts';

export interface AuthorityOptions {
  /** Folder of its file, `ca.log`, which holds the root's key. */
  readonly dir: string;
  readonly durable: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Called after leaves were renewed. */
  onRenewed(): void;
}

/** The CA of one cluster: a root that outlives restarts, and leaves that are issued when first asked for. */
export interface Authority extends AsyncDisposable {
  readonly trustDomain: string;
  /** The active one first. */
  readonly roots: readonly Root[];
  /** The present certificate of an identity. */
  leaf(identity: string): Leaf;
  /** Forgets, and no longer renews, what isn't among these. */
  retain(identities: ReadonlySet<string>): void;
}

/** Consul's first root has this number too; leaves come after it. */
const ROOT_SERIAL = 7;

export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const log = await openLog<Root>(join(options.dir, 'ca.log'), { sync: options.durable });
  try {
    if (log.damage) options.log.log('error', log.damage.message, { keptAt: log.damage.keptAt });
    let root = log.records.at(-1);
    if (!root) {
      const trustDomain = `${options.random.uuid()}.consul`;
      root = createRoot({ trustDomain, serial: ROOT_SERIAL, now: options.clock.now(), random: options.random });
      await log.append(root);
    }
    return new LocalAuthority(options, root);
  } finally {
    await log.close();
  }
}

interface Issued {
  readonly leaf: Leaf;
  readonly renewAt: number;
}

class LocalAuthority implements Authority {
  readonly trustDomain: string;
  readonly roots: readonly Root[];
  readonly #options: AuthorityOptions;
  readonly #signingKey: KeyObject;
  readonly #issued = new Map<string, Issued>();
  readonly #stopped = new AbortController();
  #alarm: AbortController | undefined;
  #nextSerial: number;

  constructor(options: AuthorityOptions, root: Root) {
    this.#options = options;
    this.roots = [root];
    this.trustDomain = root.trustDomain;
    this.#signingKey = signingKeyOf(root);
    // From the clock, so that no number comes twice after a restart and none has to be stored.
    this.#nextSerial = Math.max(ROOT_SERIAL + 1, options.clock.now());
  }

  leaf(identity: string): Leaf {
    return (this.#issued.get(identity) ?? this.#issue(identity)).leaf;
  }

  retain(identities: ReadonlySet<string>): void {
    for (const identity of this.#issued.keys()) if (!identities.has(identity)) this.#issued.delete(identity);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    this.#alarm?.abort();
    return Promise.resolve();
  }

  #issue(identity: string): Issued {
    const { clock, random } = this.#options;
    const leaf = issueLeaf({
      root: this.roots[0]!,
      signingKey: this.#signingKey,
      identity,
      serial: this.#nextSerial++,
      now: clock.now(),
    });
    const issued = { leaf, renewAt: renewAt(leaf.notBefore, leaf.notAfter, random) };
    this.#issued.set(identity, issued);
    this.#setAlarm();
    return issued;
  }

  /** One timer, for the leaf that is due first. */
  #setAlarm(): void {
    this.#alarm?.abort();
    if (this.#stopped.signal.aborted || this.#issued.size === 0) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    const due = Math.min(...Array.from(this.#issued.values(), (issued) => issued.renewAt));
    const wait = Math.max(0, due - this.#options.clock.now());
    this.#options.clock.sleep(wait, alarm.signal).then(
      () => this.#renewDue(),
      () => undefined,
    );
  }

  #renewDue(): void {
    if (this.#stopped.signal.aborted) return;
    const now = this.#options.clock.now();
    const due = [...this.#issued].filter(([, issued]) => issued.renewAt <= now).map(([identity]) => identity);
    for (const identity of due) this.#issue(identity);
    if (due.length > 0) this.#options.onRenewed();
    else this.#setAlarm();
  }
}
