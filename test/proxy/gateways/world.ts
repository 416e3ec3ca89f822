import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, type RequestListener, type RequestOptions, request } from 'node:http';
import { type RequestOptions as HttpsOptions, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AclSettings } from '../../../src/control/acl/settings.ts';
import { type ControlPlane, openControlPlane } from '../../../src/control/plane.ts';
import { followAgent } from '../../../src/proxy/client.ts';
import { createDataPlane, type DataPlane } from '../../../src/proxy/dataplane.ts';
import { random } from '../../control/harness.ts';
import { freePorts } from '../../free-ports.ts';
import { LOOPBACK, memoryLog, realClock } from '../fixture/mesh.ts';
import { httpApp, type TestApp, tcpApp } from '../fixture/sockets.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** SHA-256 of the server's certificate; empty without TLS. */
  readonly certificate: string;
}

/** What an application of `echo` was asked. */
export interface Echo {
  readonly by: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers with what it was asked, as JSON. */
export const echo =
  (by: string): RequestListener =>
  ({ method, url, headers }, response) => {
    response.setHeader('x-by', by);
    response.end(JSON.stringify({ by, method, url, headers }));
  };

export const echoed = ({ body }: Answer): Echo => JSON.parse(body) as Echo;

type Body = Readonly<Record<string, unknown>>;

/** An agent and its data plane in this process, spoken to over the HTTP API; applications with sidecars behind it. */
export class GatewayWorld {
  readonly log = memoryLog();
  readonly plane: ControlPlane;
  readonly dataPlane: DataPlane;
  /** Base URL of the HTTP API. */
  readonly api: string;
  readonly #dir: string;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  readonly #apps: Pick<TestApp, 'close'>[] = [];

  static async start(options: { readonly acl?: AclSettings } = {}): Promise<GatewayWorld> {
    const dir = await mkdtemp(join(tmpdir(), 'mesh-gateway-'));
    const log = memoryLog();
    const plane = await openControlPlane({
      dir,
      storage: 'memory',
      durable: false,
      datacenter: 'dc1',
      nodeName: 'local',
      clock: realClock,
      random,
      log,
      hostSidecars: true,
      ...options,
    });
    const socketPath = join(dir, 'dataplane.sock');
    await plane.listenDataplane(socketPath);
    const { port } = await plane.listenHttp({ host: LOOPBACK, port: 0 });
    return new GatewayWorld(plane, socketPath, `http://${LOOPBACK}:${port}`, dir);
  }

  private constructor(plane: ControlPlane, socketPath: string, api: string, dir: string) {
    this.plane = plane;
    this.api = api;
    this.#dir = dir;
    const { log } = this;
    this.dataPlane = createDataPlane({ log, clock: realClock, limits: { drainMs: 200 } });
    const { signal } = this.#stop;
    this.#following = followAgent({ socketPath, dataPlane: this.dataPlane, version: '1', pid: 1, log, clock: realClock, signal });
  }

  async put(path: string, body: Body, method = 'PUT'): Promise<void> {
    const response = await fetch(`${this.api}${path}`, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  /** Writes config entries, and waits until the data plane serves what they say. */
  async write(...entries: readonly Body[]): Promise<void> {
    for (const entry of entries) await this.put('/v1/config', entry);
    await this.synced();
  }

  async remove(kind: string, name: string): Promise<void> {
    const response = await fetch(`${this.api}/v1/config/${kind}/${name}`, { method: 'DELETE' });
    if (!response.ok) throw new Error(await response.text());
    await this.synced();
  }

  synced(): Promise<void> {
    return this.plane.synced(AbortSignal.timeout(10_000));
  }

  /** An HTTP application, registered with a sidecar. */
  async http(name: string, listener: RequestListener, upstreams: readonly Body[] = []): Promise<void> {
    await this.#register(name, await httpApp(listener), upstreams);
  }

  /** An application that answers connections. */
  async tcp(name: string, onConnection: Parameters<typeof tcpApp>[0]): Promise<void> {
    await this.#register(name, await tcpApp(onConnection), []);
  }

  /** Any other application. */
  serve(name: string, app: Pick<TestApp, 'at' | 'close'>, upstreams: readonly Body[] = []): Promise<void> {
    return this.#register(name, app, upstreams);
  }

  async #register(name: string, app: Pick<TestApp, 'at' | 'close'>, Upstreams: readonly Body[]): Promise<void> {
    this.#apps.push(app);
    const [port] = await freePorts(1);
    const sidecar = { Port: port, Proxy: { Upstreams }, Checks: [{ Name: 'up', TTL: '1h', Status: 'passing' }] };
    await this.put('/v1/agent/service/register', { Name: name, Port: app.at.port, Connect: { SidecarService: sidecar } });
    await this.synced();
  }

  async gateway(kind: string, name: string, more: Body = {}): Promise<void> {
    await this.put('/v1/agent/service/register', { Kind: kind, Name: name, ...more });
    await this.synced();
  }

  call(port: number, options: RequestOptions = {}, body?: string): Promise<Answer> {
    return answered((done) => request({ host: LOOPBACK, port, agent: false, ...options }, done), body);
  }

  /** Trusts the roots of the mesh unless told otherwise. */
  callTls(port: number, options: HttpsOptions = {}): Promise<Answer> {
    const ca = this.plane.roots().map((root) => root.certPem);
    return answered((done) => httpsRequest({ host: LOOPBACK, port, agent: false, ca, ...options }, done));
  }

  /** Lines of the data plane that give a reason. */
  reasons(): string[] {
    return this.log.lines.map(({ fields }) => (typeof fields['reason'] === 'string' ? fields['reason'] : ''));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
    await this.dataPlane.close(0);
    await this.plane[Symbol.asyncDispose]();
    await Promise.all(this.#apps.map((app) => app.close()));
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function answered(send: (done: (response: IncomingMessage) => void) => ReturnType<typeof request>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send((response) => {
      const { socket } = response;
      const certificate = 'getPeerX509Certificate' in socket ? peerOf(socket) : '';
      text(response).then((said) => resolve({ status: response.statusCode!, headers: response.headers, body: said, certificate }), reject);
    })
      .on('error', reject)
      .end(body);
  });
}

function peerOf(socket: object): string {
  return (socket as import('node:tls').TLSSocket).getPeerX509Certificate()?.fingerprint256 ?? '';
}
