import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock, Random } from '../../base/ports.ts';
import { issueLeaf, type Leaf, signingKeyOf } from '../../pki/leaf.ts';
import { renewAt } from '../../pki/validity.ts';
import { activeRoot, type CaState } from './state.ts';

/** A leaf, and when to make its successor (milliseconds since the epoch). */
export interface Issued {
  readonly leaf: Leaf;
  /** Names that it carries beside its identity. */
  readonly dnsNames: readonly string[];
  readonly renewAt: number;
}

interface IssuerPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'next'>;
  readonly nextSerial: () => number;
  /** Told of each leaf. */
  readonly onIssued: (leaf: Leaf) => void;
}

/** Signs leaves with the root of one state. */
export class Issuer {
  readonly #state: CaState;
  readonly #ttlMs: number;
  readonly #signingKey: KeyObject;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: Pick<Random, 'next'>;
  readonly #nextSerial: () => number;
  readonly #onIssued: (leaf: Leaf) => void;

  readonly #since: number;

  /** `since`: leaves are valid from then at the latest. */
  constructor(state: CaState, ttlMs: number, ports: IssuerPorts, since = Number.POSITIVE_INFINITY) {
    this.#state = state;
    this.#ttlMs = ttlMs;
    this.#signingKey = signingKeyOf(activeRoot(state).root);
    this.#clock = ports.clock;
    this.#random = ports.random;
    this.#nextSerial = ports.nextSerial;
    this.#since = since;
    this.#onIssued = ports.onIssued;
  }

  issue(identity: string, dnsNames: readonly string[] = []): Issued {
    const { root, intermediates } = activeRoot(this.#state);
    const now = this.#clock.now();
    const from = Math.min(now, this.#since);
    const leaf = issueLeaf({
      root,
      signingKey: this.#signingKey,
      identity,
      dnsNames,
      intermediates,
      serial: this.#nextSerial(),
      now: from,
      ttlMs: this.#ttlMs + now - from,
    });
    this.#onIssued(leaf);
    return { leaf, dnsNames, renewAt: renewAt(leaf.notBefore + now - from, leaf.notAfter, this.#random) };
  }
}

/** Present leaves by identity; one timer, for the one that is due first. */
export class Leaves {
  readonly #clock: Clock;
  readonly #onRenewed: () => void;
  readonly #issued = new Map<string, Issued>();
  #issuer: Issuer;
  #alarm: AbortController | undefined;
  #closed = false;

  constructor(issuer: Issuer, clock: Clock, onRenewed: () => void) {
    this.#issuer = issuer;
    this.#clock = clock;
    this.#onRenewed = onRenewed;
  }

  get(identity: string, dnsNames: readonly string[]): Leaf {
    const present = this.#issued.get(identity);
    return (present && isDeepStrictEqual(present.dnsNames, dnsNames) ? present : this.#issue(identity, dnsNames)).leaf;
  }

  retain(identities: ReadonlySet<string>): void {
    for (const identity of this.#issued.keys()) if (!identities.has(identity)) this.#issued.delete(identity);
  }

  /** New leaves come from this one. `void`: those so far are another root's, and made anew when they are asked for. */
  use(issuer: Issuer, so: 'keep' | 'void'): void {
    this.#issuer = issuer;
    if (so === 'void') this.#issued.clear();
  }

  close(): void {
    this.#closed = true;
    this.#alarm?.abort();
  }

  #issue(identity: string, dnsNames: readonly string[]): Issued {
    const issued = this.#issuer.issue(identity, dnsNames);
    this.#issued.set(identity, issued);
    this.#setAlarm();
    return issued;
  }

  #setAlarm(): void {
    this.#alarm?.abort();
    if (this.#closed || this.#issued.size === 0) return;
    const alarm = new AbortController();
    this.#alarm = alarm;
    const due = Math.min(...Array.from(this.#issued.values(), (issued) => issued.renewAt));
    // A timer can't be set for more than 24 days; looking once too often harms nobody.
    const wait = Math.min(Math.max(0, due - this.#clock.now()), MAX_SLEEP_MS);
    this.#clock.sleep(wait, alarm.signal).then(
      () => this.#renewDue(),
      () => undefined,
    );
  }

  #renewDue(): void {
    if (this.#closed) return;
    const now = this.#clock.now();
    const due = [...this.#issued].filter(([, issued]) => issued.renewAt <= now);
    for (const [identity, { dnsNames }] of due) this.#issue(identity, dnsNames);
    if (due.length > 0) this.#onRenewed();
    else this.#setAlarm();
  }
}

const MAX_SLEEP_MS = 7 * 24 * 3_600_000;
