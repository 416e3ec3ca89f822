import { connect, type Socket } from 'node:net';
import { realClock } from '../app/real.ts';
import { MeshError, systemCode } from '../base/errors.ts';
import { intention as intentionSpec, service as serviceSpec } from './builders.ts';
import { Client } from './client.ts';
import { explain } from './explain.ts';
import { httpCall } from './http-call.ts';
import { Instances } from './instances.ts';
import { ManualClock } from './manual-clock.ts';
import { speaking } from './speaking.ts';
import { RunningTap } from './tap.ts';
import type {
  ConfigEntry,
  ExplainOptions,
  Explanation,
  FaultOptions,
  FetchInit,
  Handler,
  InstanceInfo,
  IntentionSpec,
  KillOptions,
  Mesh,
  MeshClock,
  ServiceOptions,
  Tap,
  TapOptions,
  WaitOptions,
} from './types.ts';
import { upstreamAddress, upstreamNames } from './upstream.ts';
import { waitFor } from './wait-for.ts';
import { targetUrl, type World } from './world.ts';
import { type Parts, Writes } from './writes.ts';

const METRICS_MS = 5_000;

export class RunningMesh implements Mesh {
  readonly #world: World;
  readonly #instances: Instances;
  readonly #client: Client;
  readonly #writes: Writes;
  readonly #taps = new Set<Tap>();
  #closing: Promise<void> | undefined;

  constructor(world: World, client: string) {
    this.#world = world;
    this.#instances = new Instances(world);
    this.#client = new Client(client, world);
    this.#writes = new Writes(world, this.#instances);
  }

  get address(): string {
    return this.#world.address;
  }

  get instances(): readonly InstanceInfo[] {
    return this.#instances.infos;
  }

  get clock(): MeshClock {
    const { clock } = this.#world;
    return speaking({
      now: () => new Date(clock.now()),
      advance: async (by) => {
        if (!(clock instanceof ManualClock)) {
          throw new MeshError('usage', 'this mesh goes by the real clock', { hint: "startMesh({ clock: 'manual', … })" });
        }
        await clock.advance(by);
        await this.#world.settled();
      },
    });
  }

  async fetch(service: string, path = '/', { from, ...init }: FetchInit = {}): Promise<Response> {
    const url = targetUrl(await this.#urlOf(service, from), path);
    return httpCall(url, init).catch((error: unknown) => {
      throw systemCode(error) === 'ECONNRESET' ? unanswered(service, from, error) : error;
    });
  }

  async connect(service: string, { from }: { readonly from?: string } = {}): Promise<Socket> {
    const { hostname, port } = new URL(await this.#urlOf(service, from));
    const socket = connect({ host: hostname, port: Number(port) });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
    return socket;
  }

  upstream(from: string, name: string): string {
    const { plane, datacenter } = this.#world;
    return `http://${upstreamAddress(plane.snapshot.value, datacenter, from, name)}`;
  }

  add(parts: Parts): Promise<void> {
    return this.#writes.add(parts);
  }

  async service(name: string, handler: Handler, options: ServiceOptions = {}): Promise<readonly InstanceInfo[]> {
    const before = new Set(this.instances.map(({ id }) => id));
    await this.add({ services: [serviceSpec(name, handler, options)] });
    return this.instances.filter(({ id, service }) => service === name && !before.has(id));
  }

  configEntry(...configEntries: readonly ConfigEntry[]): Promise<void> {
    return this.add({ configEntries });
  }

  deleteConfigEntry(kind: ConfigEntry['Kind'], name: string): Promise<void> {
    return this.#writes.deleteConfigEntry(kind, name);
  }

  intention(source: string, destination: string, action: IntentionSpec['action']): Promise<void> {
    return this.add({ intentions: [intentionSpec(source, destination, action)] });
  }

  deleteIntention(source: string, destination: string): Promise<void> {
    return this.#writes.deleteIntention(source, destination);
  }

  async fault(service: string, fault: FaultOptions): Promise<AsyncDisposable> {
    await this.#writes.fault(service, fault);
    return { [Symbol.asyncDispose]: () => this.unfault(service) };
  }

  unfault(service: string): Promise<void> {
    return this.#writes.fault(service, undefined);
  }

  async kill(target: string, { noticed = true }: KillOptions = {}): Promise<void> {
    const { programs } = this.#world;
    const inCode = this.instances.some(({ id, service }) => id === target || service === target);
    await (programs && !inCode ? programs.kill(target) : this.#instances.kill(target, noticed));
  }

  revive(target: string): Promise<void> {
    return this.#instances.revive(target);
  }

  explain(from: string, to: string, options: ExplainOptions = {}): Promise<Explanation> {
    return explain(this.address, from, to, options);
  }

  tap(options: TapOptions = {}): Tap {
    const tap = new RunningTap(options, (take) => this.#world.tap(options, take));
    this.#taps.add(tap);
    return tap;
  }

  waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
    return waitFor(condition, options, realClock);
  }

  async metrics(service?: string): Promise<string> {
    return this.#world.plane.metrics('prometheus', service, AbortSignal.timeout(METRICS_MS));
  }

  env(service?: string): Record<string, string> {
    const { plane, datacenter } = this.#world;
    const names = service === undefined ? [] : upstreamNames(plane.snapshot.value, datacenter, service);
    const urls = names.map((name) => [`${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_URL`, this.upstream(service!, name)]);
    return { CONSUL_HTTP_ADDR: this.address.replace('http://', ''), ...Object.fromEntries(urls) };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #urlOf(service: string, from: string | undefined): Promise<string> {
    this.#world.mustBeOpen();
    return from === undefined ? this.#client.upstream(service) : this.upstream(from, service);
  }

  async #close(): Promise<void> {
    for (const tap of this.#taps) tap.stop();
    await this.#instances.close();
    await this.#world[Symbol.asyncDispose]();
  }
}

/** Where the protocol is tcp nobody can answer with a status. */
function unanswered(service: string, from: string | undefined, cause: unknown): MeshError {
  return new MeshError('failed', `${service} closed the connection without an answer${from === undefined ? '' : ` to ${from}`}`, {
    cause,
    hint: `with the protocol tcp that is how a call is denied, or fails; mesh.explain('${from ?? 'test'}', '${service}') says which`,
  });
}
