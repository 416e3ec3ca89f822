import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { messageOf } from '../../base/errors.ts';
import type { Clock, Log } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import { type Peering, type PeeringState, peering, peeringById, peerings } from '../../catalog/peerings.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Op, Unindexed } from '../../catalog/types.ts';
import { exportedServices } from '../../compile/exports.ts';
import { type ExchangeReply, type ExchangeRequest, exchange } from './wire.ts';

/** How often ends that are connected hear of each other, and ends that aren't try to be. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;

export interface PeeringsOptions {
  readonly snapshot: Watch<Snapshot>;
  readonly clock: Clock;
  readonly log: Log;
  commit(ops: readonly Op[]): Promise<{ readonly applied: boolean }>;
  /** PEM of the certificates that sidecars here trust. */
  rootPems(): readonly string[];
}

/** What is known of the other end since this agent runs. Times in milliseconds since the epoch. */
export interface StreamStatus {
  readonly imported: readonly string[];
  readonly lastHeartbeat?: number;
  readonly lastReceive?: number;
  readonly lastSend?: number;
}

/**
 * Keeps peerings going: the end that was given a token calls the other one, shows it the secret of the token, and goes on doing so.
 * Each tells the other its certificates and which services it offers.
 */
export class Peerings implements AsyncDisposable {
  readonly #options: PeeringsOptions;
  readonly #streams = new Map<string, StreamStatus>();
  /** By id: those that this end dials. */
  readonly #dialing = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  readonly #unsubscribe: () => void;

  constructor(options: PeeringsOptions) {
    this.#options = options;
    this.#unsubscribe = options.snapshot.subscribe(() => this.#follow());
    this.#follow();
  }

  status(id: string): StreamStatus {
    return this.#streams.get(id) ?? { imported: [] };
  }

  /** A secret for a token, and what is kept of it. */
  makeSecret(): { readonly secret: string; readonly kept: string } {
    const secret = randomBytes(32).toString('base64url');
    return { secret, kept: digest(secret) };
  }

  /** The other end calls. Undefined: there is no such peering, or it does not know the secret. */
  async accept(request: ExchangeRequest): Promise<ExchangeReply | undefined> {
    const { snapshot, clock } = this.#options;
    const found = peeringById(snapshot.value, request.PeerID);
    if (!found || found.peering.PeerServerAddresses.length > 0 || !sameDigest(found.peering.Secret, digest(request.Secret)))
      return undefined;
    const { dc, peering: row } = found;
    const now = clock.now();
    this.#streams.set(row.ID, { imported: request.ExportedServices, lastHeartbeat: now, lastReceive: now, lastSend: now });
    await this.#update(dc, row, { State: 'ACTIVE', PeerCAPems: request.CAPems, Remote: { Partition: '', Datacenter: request.Datacenter } });
    return { Datacenter: dc, CAPems: this.#options.rootPems(), ExportedServices: this.exportedTo(dc, row.Name) };
  }

  /** Names of the services that a peer may call. */
  exportedTo(dc: string, peer: string): string[] {
    const all = exportedServices(this.#options.snapshot.value, dc).value;
    return all.filter(({ peers }) => peers.some((name) => name.toLowerCase() === peer)).map(({ service }) => service);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    const all = [...this.#dialing.values()];
    for (const { stop } of all) stop.abort();
    await Promise.all(all.map(({ done }) => done));
  }

  /** Begins to dial what is to be dialed, and ends what has gone. */
  #follow(): void {
    const wanted = new Map<string, { dc: string; row: Peering }>();
    for (const { name: dc } of this.#options.snapshot.value.datacenters.values()) {
      for (const row of peerings(this.#options.snapshot.value, dc).value) {
        if (row.PeerServerAddresses.length > 0 && row.State !== 'TERMINATED') wanted.set(row.ID, { dc, row });
      }
    }
    for (const [id, { stop }] of this.#dialing) if (!wanted.has(id)) stop.abort();
    for (const [id, { dc, row }] of wanted) {
      if (this.#dialing.has(id)) continue;
      const stop = new AbortController();
      const done = this.#dial(dc, row.Name, id, stop.signal).finally(() => this.#dialing.delete(id));
      this.#dialing.set(id, { stop, done });
    }
  }

  async #dial(dc: string, name: string, id: string, signal: AbortSignal): Promise<void> {
    const { snapshot, clock, log } = this.#options;
    while (!signal.aborted) {
      const row = peering(snapshot.value, dc, name).value;
      if (row?.ID !== id) return;
      try {
        const next = await this.#call(dc, row, signal);
        if (next === 'TERMINATED') return;
        await clock.sleep(next === 'ACTIVE' ? HEARTBEAT_MS : RETRY_MS, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.log('warn', 'a peering could not be kept up', { peering: name, error: messageOf(error) });
        await clock.sleep(RETRY_MS, signal).catch(() => undefined);
      }
    }
  }

  /** One exchange; answers the state that the peering has then. */
  async #call(dc: string, row: Peering, signal: AbortSignal): Promise<PeeringState> {
    const { clock } = this.#options;
    const before = this.status(row.ID);
    const ExportedServices = this.exportedTo(dc, row.Name);
    const body: ExchangeRequest = {
      PeerID: row.PeerID,
      Secret: row.Secret,
      Datacenter: dc,
      CAPems: this.#options.rootPems(),
      ExportedServices,
    };
    const sent = clock.now();
    const exchanged = await exchange(row.PeerServerAddresses, body, signal);
    const now = clock.now();
    if (exchanged.type === 'unreached') {
      this.#streams.set(row.ID, { ...before, lastSend: sent });
      // What was never connected stays as it is: nothing has failed yet that had worked.
      const State = row.State === 'ESTABLISHING' ? row.State : 'FAILING';
      await this.#update(dc, row, { State });
      return State;
    }
    if (exchanged.type === 'gone') {
      this.#streams.delete(row.ID);
      // The token was for a peering that is not there: only one that had worked has ended.
      const State = row.State === 'ESTABLISHING' ? row.State : 'TERMINATED';
      await this.#update(dc, row, { State });
      return State;
    }
    const { Datacenter, CAPems, ExportedServices: imported } = exchanged.reply;
    this.#streams.set(row.ID, { imported, lastHeartbeat: now, lastReceive: now, lastSend: sent });
    await this.#update(dc, row, { State: 'ACTIVE', PeerCAPems: CAPems, Remote: { Partition: '', Datacenter } });
    return 'ACTIVE';
  }

  /** Loses against whoever has changed or deleted it meanwhile. */
  async #update(dc: string, row: Peering, change: Partial<Unindexed<Peering>>): Promise<void> {
    const { CreateIndex: _, ModifyIndex: cas, ...bare } = row;
    await this.#options.commit([{ type: 'put-peering', dc, peering: { ...bare, ...change }, cas }]);
  }
}

const digest = (secret: string): string => createHash('sha256').update(secret).digest('hex');

function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
