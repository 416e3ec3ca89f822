import { MeshError } from '../base/errors.ts';
import type { Clock, Log, Random } from '../base/ports.ts';
import { Scope } from '../base/scope.ts';
import { datacenterNames, serviceById } from '../catalog/queries.ts';
import type { Op } from '../catalog/types.ts';
import type { TappedRequest } from '../compile/proxy-config.ts';
import { ACLS_OFF } from '../control/acl/settings.ts';
import { type ControlPlane, openControlPlane, type ProxyRef } from '../control/plane.ts';
import { WriteRefused } from '../control/registry.ts';
import { Commands } from '../proxy/commands.ts';
import { createDataPlane } from '../proxy/dataplane.ts';
import { HeldPorts, LOOPBACK } from './held-ports.ts';
import type { BlueprintPrograms } from './programs.ts';
import type { IntentionAction, TapOptions } from './types.ts';

/** What a mesh needs of the process that it runs in. */
export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  readonly pid: number;
}

export interface CodeWorldOptions extends Surroundings {
  readonly defaultIntention: IntentionAction;
}

interface WorldParts extends Pick<Surroundings, 'clock' | 'random'> {
  readonly plane: ControlPlane;
  readonly ports: HeldPorts;
  readonly address: string;
  readonly scope: Scope;
  readonly programs?: BlueprintPrograms;
}

/** Control plane and data plane of one mesh in this process, joined without a socket. */
export class World implements AsyncDisposable {
  readonly clock: Clock;
  readonly random: Random;
  readonly plane: ControlPlane;
  readonly ports: HeldPorts;
  /** `http://127.0.0.1:41234` */
  readonly address: string;
  /** Of the blueprint, if it is one. */
  readonly programs: BlueprintPrograms | undefined;
  readonly #scope: Scope;

  constructor({ clock, random, plane, ports, address, scope, programs }: WorldParts) {
    this.programs = programs;
    this.clock = clock;
    this.random = random;
    this.plane = plane;
    this.ports = ports;
    this.address = address;
    this.#scope = scope;
  }

  /** The one that the API speaks for. */
  get datacenter(): string {
    return datacenterNames(this.plane.snapshot.value)[0] ?? 'dc1';
  }

  /** All or none. Rejects with a MeshError when entries would contradict each other. */
  async commit(ops: readonly Op[]): Promise<{ applied: boolean }> {
    this.mustBeOpen();
    try {
      return await this.plane.commit(ops);
    } catch (error) {
      if (error instanceof WriteRefused) throw new MeshError('invalid', error.message, { cause: error });
      throw error;
    }
  }

  /** Throws a MeshError when it is closed. */
  mustBeOpen(): void {
    if (this.#scope.closed) throw new MeshError('usage', 'this mesh is closed', { hint: 'call it before close(), and wait for the call' });
  }

  host(node: string, id: string): void {
    this.plane.host(this.#proxy(node, id), { extraLoopback: false });
  }

  unhost(node: string, id: string): void {
    this.plane.unhost(this.#proxy(node, id));
  }

  /** Resolves when all sidecars work by what was written so far. Rejects with why one can't. */
  async settled(): Promise<void> {
    await this.plane.synced(AbortSignal.timeout(SETTLE_MS)).catch((error: unknown) => {
      throw new MeshError('failed', `the sidecars did not take their configuration within ${SETTLE_MS / 1000} s`, { cause: error });
    });
    const { snapshot, dataplane } = this.plane;
    const broken = Object.entries(dataplane.value.proxies).find(([key, { error }]) => {
      const [dc = '', node = '', id = ''] = key.split('/');
      // One that is on its way into the catalog has nothing to serve yet.
      return error !== undefined && serviceById(snapshot.value, dc, node, id) !== undefined;
    });
    if (broken) throw new MeshError('failed', `sidecar ${broken[0]} does not serve: ${broken[1].error}`);
  }

  /** Tells of requests until the returned function is called. */
  tap({ from, side = 'inbound' }: TapOptions, take: (request: TappedRequest) => void): () => void {
    const ended = new AbortController();
    const filter = { ...(side === 'both' ? {} : { direction: side }), ...(from === undefined ? {} : { source: from }) };
    this.plane.tap(filter, (requests) => requests.forEach(take), ended.signal).catch(() => undefined);
    return () => ended.abort();
  }

  #proxy(node: string, id: string): ProxyRef {
    return { dc: this.datacenter, node, id };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }
}

const SETTLE_MS = 10_000;

/** For a mesh that is built in code: nothing of it is on the disk. */
export async function openCodeWorld(options: CodeWorldOptions): Promise<World> {
  const { clock, random, log, version, defaultIntention } = options;
  const scope = new Scope();
  try {
    const plane = scope.use(
      await openControlPlane({
        dir: '',
        storage: 'memory',
        durable: false,
        datacenter: 'dc1',
        nodeName: 'mesh',
        hostSidecars: true,
        acl: { ...ACLS_OFF, defaultIntentionPolicy: defaultIntention },
        clock,
        // TLS goes by the clock of the machine, which may be behind a clock that was advanced.
        certificatesSince: clock.now(),
        random,
        log,
        version,
      }),
    );
    const ports = serveHere(plane, options, scope);
    const http = await plane.listenHttp({ host: LOOPBACK, port: 0 });
    return new World({ clock, random, plane, ports, address: `http://${LOOPBACK}:${http.port}`, scope });
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** Makes this process the data plane of a control plane in it, until the scope is closed. */
export function serveHere(plane: ControlPlane, { clock, random, log, version, pid }: Surroundings, scope: Scope): HeldPorts {
  const ports = new HeldPorts();
  const dataPlane = createDataPlane({ clock, log, random: () => random.next(), held: (at) => ports.handOver(at) });
  const commands = new Commands({ dataPlane, version, pid, log }, { send: (report) => connection.receive(report), unread: 0 });
  const connection = plane.connectDataplane((command) => commands.take(command));
  commands.hello();
  scope.defer(async () => {
    commands.end();
    connection.end();
    ports.close();
    await dataPlane.close(0);
  });
  return ports;
}

/** `path` may be a whole path with query, or be without its first slash. */
export function targetUrl(base: string, path: string): string {
  return base + (path.startsWith('/') ? path : `/${path}`);
}
