import { setTimeout as delay } from 'node:timers/promises';
import { MeshError } from '../../base/errors.ts';
import { lookUp } from '../../base/generation.ts';
import { until, Watchable } from '../../base/watch.ts';
import type { Forward, ForwardPort } from '../../blueprints/context.ts';
import { DRAIN_MS, type ForwardConfig } from '../../compile/proxy-config.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import { probeTcp } from '../../drivers/process/probe.ts';

interface Published {
  targets(): readonly string[];
  portOf(port: number): number;
  /** Nothing is meant to be behind it. */
  readonly empty: boolean;
  readonly nobody?: string;
}

/** Where forwards go to be served, and what the data plane says of them (by what they bind). */
export interface ForwardSink {
  setForwards(forwards: readonly ForwardConfig[]): void;
  /** Resolves when the data plane serves what was set. */
  synced(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing is under way any more to targets that forwards have lost. */
  settle(signal: AbortSignal): Promise<void>;
  /** Why a forward could not be bound. */
  errorOf(id: string): string | undefined;
}

const MACHINE = '127.0.0.1';

/** The agent's own HTTP API, which serves a port that leads to the API of a Consul server by itself. */
export interface OwnApi {
  readonly port: number;
  /** It answers for the datacenter that this target is, of a generation if there are several. */
  speakFor(target: string, generation?: number): void;
}

const TARGET_POLL_MS = 50;

/** Host ports and what they lead to: recomputed whenever something is published, withdrawn, or changes its readiness. */
export class Forwards implements ForwardPort {
  readonly #sink: ForwardSink;
  readonly #own: OwnApi;
  readonly #probe: typeof probeTcp;
  readonly #reach: (address: string, port: number) => { address: string; port: number };
  readonly #published = new Map<string, Published>();
  /** By id, in the order in which they were opened. */
  readonly #open = new Map<string, Forward>();
  readonly #configs = new Watchable<readonly ForwardConfig[]>([]);
  /** Rises whenever the targets of something may have changed, served or waiting. */
  readonly #changes = new Watchable(0);

  constructor(
    sink: ForwardSink,
    reach: (address: string, port: number) => { address: string; port: number },
    own: OwnApi,
    probe = probeTcp,
  ) {
    this.#probe = probe;
    this.#sink = sink;
    this.#own = own;
    this.#reach = reach;
  }

  publish(
    name: string,
    targets: () => readonly string[],
    portOf: (port: number) => number,
    options: { readonly empty: boolean; readonly nobody?: string } = { empty: false },
  ): void {
    this.#published.set(name, { targets, portOf, ...options });
    this.refresh();
  }

  withdraw(name: string): void {
    this.#published.delete(name);
    this.refresh();
  }

  open(forward: Forward): void {
    this.#open.set(forward.id, forward);
    this.refresh();
  }

  close(id: string): void {
    this.#open.delete(id);
    this.refresh();
  }

  refresh(): void {
    this.#changes.set(this.#changes.value + 1);
    const serving = this.#serving();
    const speaker = serving.find((forward) => this.#isOwn(forward));
    if (speaker && lookUp(this.#published, speaker.target, speaker.generation)) this.#own.speakFor(speaker.target, speaker.generation);
    const configs = serving.filter((forward) => forward !== speaker).map((forward) => this.#configOf(forward));
    if (JSON.stringify(configs) === JSON.stringify(this.#configs.value)) return;
    this.#configs.set(configs);
    this.#sink.setForwards(configs);
  }

  /** The port of the agent's own API, as long as no forward has it. */
  get freeApiPort(): number | undefined {
    return this.#serving().some((forward) => this.#isOwn(forward)) ? undefined : this.#own.port;
  }

  /** Those that have their port. */
  list(): (Forward & { error: string | undefined })[] {
    return this.#serving().map((forward) => ({ ...forward, error: this.#sink.errorOf(bindOf(forward)) }));
  }

  /** Served, with a target, and accepting. */
  async ready(id: string, signal: AbortSignal): Promise<void> {
    await this.#sink.synced(signal);
    const forward = this.#open.get(id);
    if (!forward) return;
    const error = this.#serving().includes(forward) ? this.#sink.errorOf(bindOf(forward)) : undefined;
    if (error !== undefined) throw await bindFailure(forward, error);
    const isEmpty = () => lookUp(this.#published, forward.target, forward.generation)?.empty === true;
    await until(this.#changes, () => this.#targetsOf(forward).length > 0 || isEmpty(), signal);
    if (this.#isOwn(forward)) return;
    if (!isEmpty() && !forward.optional) await this.#targetAccepts(forward, signal);
    if (!this.#serving().includes(forward)) return;
    await this.#sink.synced(signal);
    const accepts = await this.#probe(this.#bindAddress(forward), 1000);
    if (!accepts)
      throw new MeshError('failed', `port ${forward.hostPort} of ${forward.address ?? '127.0.0.1'} does not accept connections`);
  }

  trouble(id: string): string | undefined {
    const forward = this.#open.get(id);
    if (!forward) return undefined;
    const published = lookUp(this.#published, forward.target, forward.generation);
    // `k8s_cluster.k3s/default/svc/web`: what the blueprint calls it comes last.
    const name = forward.target.split('/').slice(2).join('/') || forward.target;
    if (!published) return `nothing that runs is ${name}`;
    if (published.targets().length > 0)
      return `port ${published.portOf(forward.targetPort)} of what is behind ${name} does not accept connections`;
    return published.nobody ?? `nothing behind ${name} is ready`;
  }

  /** The listener is ours and accepts whatever is behind it: that must answer, too. */
  async #targetAccepts(forward: Forward, signal: AbortSignal): Promise<void> {
    for (;;) {
      const accepts = await Promise.all(this.#targetsOf(forward).map((target) => this.#probe(target, 1000)));
      if (accepts.some(Boolean)) return;
      await delay(TARGET_POLL_MS, undefined, { signal });
    }
  }

  #isOwn({ api, address, hostPort }: Forward): boolean {
    return api === true && address === undefined && hostPort === this.#own.port;
  }

  async settled(): Promise<void> {
    const deadline = AbortSignal.timeout(DRAIN_MS);
    await this.#sink
      .synced(deadline)
      .then(() => this.#sink.settle(deadline))
      .catch(() => undefined);
  }

  /** The first one of each port: the others wait until it is closed. */
  #serving(): Forward[] {
    const binds = new Map<string, Forward>();
    for (const forward of this.#open.values()) if (!binds.has(bindOf(forward))) binds.set(bindOf(forward), forward);
    return [...binds.values()];
  }

  #targetsOf({ target, targetPort, generation }: Forward): { address: string; port: number }[] {
    const published = lookUp(this.#published, target, generation);
    const port = published?.portOf(targetPort) ?? targetPort;
    // An ingress out of a cluster leads to this machine itself, which no address book knows.
    return (published?.targets() ?? []).map((address) => (address === MACHINE ? { address, port } : this.#reach(address, port)));
  }

  #configOf(forward: Forward): ForwardConfig {
    return { id: bindOf(forward), bind: this.#bindAddress(forward), targets: this.#targetsOf(forward) };
  }

  #bindAddress({ address, hostPort }: Forward): { address: string; port: number } {
    return address === undefined ? { address: '127.0.0.1', port: hostPort } : this.#reach(address, hostPort);
  }
}

/** What a forward binds: it is one listener for the data plane, whoever has it. */
const bindOf = ({ address, hostPort }: Forward): string => `${address ?? '127.0.0.1'}:${hostPort}`;

async function bindFailure(forward: Forward, state: string): Promise<MeshError> {
  const holder = state.includes('EADDRINUSE')
    ? `, which ${describeOwner(await portOwner('127.0.0.1', forward.hostPort))} holds`
    : `: ${state}`;
  return new MeshError('environment', `could not open port ${forward.hostPort} of 127.0.0.1${holder}`);
}
