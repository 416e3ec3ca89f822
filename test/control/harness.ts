import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type Random, silentLog } from '../../src/base/ports.ts';
import type { Op, Service } from '../../src/catalog/types.ts';
import type { DataplaneCommand, DataplaneReport, DataplaneUpdate } from '../../src/compile/proxy-config.ts';
import type { AclSettings } from '../../src/control/acl/settings.ts';
import type { Tuning } from '../../src/control/agent/tuning.ts';
import type { Compat } from '../../src/control/compatibility.ts';
import type { Dashboard } from '../../src/control/http/dashboard.ts';
import { type ControlPlane, openControlPlane } from '../../src/control/plane.ts';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal, ref: false }),
};

export const random: Random = { next: () => Math.random(), uuid: () => randomUUID() };

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: { at: number; wake: () => void }[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }

  async advanceTo(now: number): Promise<void> {
    this.#now = now;
    const due = this.#sleepers.filter((sleeper) => sleeper.at <= now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.at > now);
    for (const sleeper of due) sleeper.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export interface TestPlane extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly dir: string;
}

/** A control plane in a folder of its own, which goes with it; `dir` reuses one that stays. */
export interface TestPlaneOptions {
  readonly dir?: string;
  readonly clock?: Clock;
  readonly durable?: boolean;
  readonly nodeName?: string;
  readonly compat?: Compat;
  readonly acl?: AclSettings;
  readonly tuning?: Tuning;
  readonly dataplaneWorkers?: number;
  readonly dashboard?: Dashboard;
}

export async function openTestPlane(options: TestPlaneOptions = {}): Promise<TestPlane> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'mesh-plane-')));
  const plane = await openControlPlane({
    dir,
    durable: options.durable ?? false,
    datacenter: 'dc1',
    nodeName: options.nodeName ?? 'local',
    clock: options.clock ?? realClock,
    random,
    log: silentLog,
    version: '9.9.9',
    compat: options.compat ?? 'newer',
    ...(options.acl ? { acl: options.acl } : {}),
    ...(options.tuning ? { tuning: options.tuning } : {}),
    ...(options.dashboard ? { dashboard: options.dashboard } : {}),
    dataplaneWorkers: options.dataplaneWorkers ?? 1,
  });
  return {
    plane,
    dir,
    [Symbol.asyncDispose]: async () => {
      await plane[Symbol.asyncDispose]();
      if (options.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface ServiceShape {
  node: string;
  address: string;
  name: string;
  port: number;
  upstreams?: readonly { name: string; port: number }[];
}

/** A node with one service, passing, and its sidecar on port + 11000. */
export function registration({ node, address, name, port, upstreams = [] }: ServiceShape): Op {
  const common = {
    Node: node,
    Tags: ['v1'],
    Address: address,
    TaggedAddresses: {},
    Meta: {},
    Weights: { Passing: 1, Warning: 1 },
    EnableTagOverride: false,
    ConnectNative: false,
  };
  const sidecar: Omit<Service, 'CreateIndex' | 'ModifyIndex'> = {
    ...common,
    Kind: 'connect-proxy',
    ID: `${name}-sidecar-proxy`,
    Service: `${name}-sidecar-proxy`,
    Port: port + 11000,
    Proxy: {
      DestinationServiceName: name,
      DestinationServiceID: name,
      LocalServiceAddress: address,
      LocalServicePort: port,
      Config: {},
      Upstreams: upstreams.map((upstream) => ({
        DestinationType: 'service',
        DestinationName: upstream.name,
        Datacenter: '',
        LocalBindAddress: address,
        LocalBindPort: upstream.port,
        Config: {},
      })),
    },
  };
  const check = { Node: node, CheckID: `service:${name}`, Name: `${name} check`, Status: 'passing', Notes: '', Output: '' } as const;
  return {
    type: 'register',
    dc: 'dc1',
    node: { Node: node, ID: `id-of-${node}`, Address: address, Datacenter: 'dc1', TaggedAddresses: {}, Meta: { zone: 'a' } },
    services: [{ ...common, Kind: '', ID: name, Service: name, Port: port }, sidecar],
    checks: [{ ...check, ServiceID: name, ServiceName: name, Type: 'http' }],
  };
}

export const webAndPayments: readonly Op[] = [
  registration({ node: 'web-vm', address: '127.5.0.111', name: 'web', port: 9090, upstreams: [{ name: 'payments', port: 9091 }] }),
  registration({ node: 'payments-vm', address: '127.5.0.110', name: 'payments', port: 9090 }),
];

/** The least that a data plane is: it takes commands and acknowledges when told to. */
export class FakeDataplane implements AsyncDisposable {
  readonly commands: DataplaneCommand[] = [];
  readonly #socket;
  readonly #waiting: { count: number; resolve: () => void }[] = [];
  #rest = '';

  private constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (chunk: string) => this.#receive(chunk));
  }

  static async connect(path: string, pid = 4711): Promise<FakeDataplane> {
    const fake = new FakeDataplane(path);
    await new Promise<void>((resolve, reject) => {
      fake.#socket.once('connect', () => resolve());
      fake.#socket.once('error', reject);
    });
    fake.send({ type: 'hello', pid, version: '9.9.9' });
    return fake;
  }

  send(report: DataplaneReport): void {
    this.#socket.write(`${JSON.stringify(report)}\n`);
  }

  ack(index: number, errors: Record<string, string> = {}): void {
    this.send({ type: 'ack', index, errors });
  }

  /** The `n`th command, counted from 1, when it has come. */
  async command(n: number): Promise<DataplaneCommand> {
    if (this.commands.length < n) await new Promise<void>((resolve) => this.#waiting.push({ count: n, resolve }));
    return this.commands[n - 1]!;
  }

  async update(n: number): Promise<DataplaneUpdate> {
    const command = await this.command(n);
    if (command.type !== 'update') throw new Error(`command ${n} is a ${command.type}`);
    return command;
  }

  ended(): Promise<void> {
    return new Promise((resolve) => (this.#socket.closed ? resolve() : this.#socket.once('close', () => resolve())));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
    await this.ended();
  }

  #receive(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.commands.push(JSON.parse(line) as DataplaneCommand);
    for (const waiter of this.#waiting.splice(0)) {
      if (this.commands.length >= waiter.count) waiter.resolve();
      else this.#waiting.push(waiter);
    }
  }
}
