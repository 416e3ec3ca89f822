import { MeshError } from '../../base/errors.ts';
import { until, Watchable } from '../../base/watch.ts';
import type { ForwardPort } from '../../blueprints/context.ts';
import type { ForwardConfig } from '../../compile/proxy-config.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import { probeTcp } from '../../drivers/process/probe.ts';

interface Published {
  targets(): readonly string[];
  portOf(port: number): number;
}

interface Open {
  readonly id: string;
  readonly hostPort: number;
  /** As the blueprint says; they differ when it had to move. */
  readonly wantedPort: number;
  readonly target: string;
  readonly targetPort: number;
}

/** Where forwards go to be served, and what the data plane says of them (by forward id). */
export interface ForwardSink {
  setForwards(forwards: readonly ForwardConfig[]): void;
  /** Resolves when the data plane serves what was set. */
  synced(signal: AbortSignal): Promise<void>;
  /** Why a forward could not be bound. */
  errorOf(id: string): string | undefined;
}

/** Host ports and what they lead to: recomputed whenever something is published, withdrawn, or changes its readiness. */
export class Forwards implements ForwardPort {
  readonly #sink: ForwardSink;
  readonly #reach: (address: string, port: number) => { address: string; port: number };
  readonly #published = new Map<string, Published>();
  readonly #open = new Map<string, Open>();
  readonly #configs = new Watchable<readonly ForwardConfig[]>([]);

  constructor(sink: ForwardSink, reach: (address: string, port: number) => { address: string; port: number }) {
    this.#sink = sink;
    this.#reach = reach;
  }

  publish(name: string, targets: () => readonly string[], portOf: (port: number) => number): void {
    this.#published.set(name, { targets, portOf });
    this.refresh();
  }

  withdraw(name: string): void {
    this.#published.delete(name);
    this.refresh();
  }

  open(forward: Open): void {
    this.#open.set(forward.id, forward);
    this.refresh();
  }

  close(id: string): void {
    this.#open.delete(id);
    this.refresh();
  }

  refresh(): void {
    const configs = [...this.#open.values()].map((forward) => this.#configOf(forward));
    if (JSON.stringify(configs) === JSON.stringify(this.#configs.value)) return;
    this.#configs.set(configs);
    this.#sink.setForwards(configs);
  }

  list(): (Open & { error: string | undefined })[] {
    return [...this.#open.values()].map((forward) => ({ ...forward, error: this.#sink.errorOf(forward.id) }));
  }

  /** Served, with a target, and accepting. */
  async ready(id: string, signal: AbortSignal): Promise<void> {
    await this.#sink.synced(signal);
    const forward = this.#open.get(id);
    if (!forward) return;
    const error = this.#sink.errorOf(id);
    if (error !== undefined) throw await bindFailure(forward, error);
    await until(this.#configs, (configs) => (configs.find((config) => config.id === id)?.targets.length ?? 0) > 0, signal);
    await this.#sink.synced(signal);
    const accepts = await probeTcp({ address: '127.0.0.1', port: forward.hostPort }, 1000);
    if (!accepts) throw new MeshError('failed', `port ${forward.hostPort} of 127.0.0.1 does not accept connections`);
  }

  #configOf({ id, hostPort, target, targetPort }: Open): ForwardConfig {
    const published = this.#published.get(target);
    const addresses = published?.targets() ?? [];
    const port = published?.portOf(targetPort) ?? targetPort;
    return { id, bind: { address: '127.0.0.1', port: hostPort }, targets: addresses.map((address) => this.#reach(address, port)) };
  }
}

async function bindFailure(forward: Open, state: string): Promise<MeshError> {
  const holder = state.includes('EADDRINUSE')
    ? `, which ${describeOwner(await portOwner('127.0.0.1', forward.hostPort))} holds`
    : `: ${state}`;
  return new MeshError('environment', `could not open port ${forward.hostPort} of 127.0.0.1${holder}`);
}
