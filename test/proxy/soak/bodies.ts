import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:http2';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Http2App, http2App } from '../fixture/http2.ts';
import { httpApp, type TestApp } from '../fixture/sockets.ts';

export type Version = 'http' | 'http2';

export interface Outcome {
  readonly protocol: Version;
  readonly way: 'up' | 'down';
  readonly bytes: number;
  readonly seconds: number;
  /** Most memory of the process with both sidecars, while the body went by and before it. */
  readonly rssBytes: number;
  readonly rssBytesBefore: number;
}

const BLOCK = Buffer.alloc(64 * 1024, 'x');

/** Resolves when all has been handed over; `sent` is told of each piece. */
export async function write(to: Writable, bytes: number, sent: (bytes: number) => void = () => undefined): Promise<void> {
  for (let left = bytes; left > 0; left -= BLOCK.length) {
    const more = to.write(left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left));
    sent(Math.min(left, BLOCK.length));
    if (!more) await once(to, 'drain');
  }
  to.end();
}

/** How much comes. */
export async function read(from: Readable): Promise<number> {
  let bytes = 0;
  from.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await finished(from, { writable: false });
  return bytes;
}

/** Sends as much as its path says, or tells how much has come; `/echo` sends that back as it comes. */
export function application(protocol: Version): Promise<TestApp | Http2App> {
  const answer = async (path: string, from: Readable, to: Writable): Promise<void> => {
    if (path === '/echo') {
      from.pipe(to);
      return;
    }
    const got = await read(from);
    if (path === '/') to.end(String(got));
    else await write(to, Number(path.slice(1)));
  };
  if (protocol === 'http') return httpApp((req, res) => void answer(req.url!, req, res));
  return http2App((stream, headers) => {
    stream.respond({ ':status': 200 });
    void answer(String(headers[':path']), stream, stream);
  });
}

export interface Call {
  readonly up: Writable;
  /** Paused. */
  readonly down: Promise<Readable>;
  readonly close: () => void;
}

export function call(protocol: Version, port: number, path: string): Call {
  if (protocol === 'http') {
    const up = request({ host: '127.0.0.1', port, path, method: 'POST', agent: false });
    const down = once(up, 'response').then(([answer]) => answer as IncomingMessage);
    return { up, down, close: () => up.destroy() };
  }
  const session = connect(`http://127.0.0.1:${port}`);
  const up = session.request({ ':method': 'POST', ':path': path });
  return { up, down: Promise.resolve(up), close: () => session.destroy() };
}

async function exchange(protocol: Version, port: number, way: 'up' | 'down', bytes: number): Promise<number> {
  const { up, down, close } = call(protocol, port, way === 'up' ? '/' : `/${bytes}`);
  const [count] = await Promise.all([down.then((answer) => countOf(way, answer)), write(up, way === 'up' ? bytes : 0)]);
  close();
  return count;
}

async function countOf(way: 'up' | 'down', answer: Readable): Promise<number> {
  if (way === 'down') return read(answer);
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return Number(text);
}

/** Two sidecars in a process of their own. */
export class SidecarProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  /** `bundle` is that of sidecars.ts. */
  static async start(bundle: string, app: number, protocol: Version): Promise<SidecarProcess> {
    const child = fork(bundle, [String(app), protocol]);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new SidecarProcess(child, port);
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Most memory that it had since the last time. */
  async mostRss(): Promise<number> {
    this.#child.send('most');
    const [{ most }] = (await once(this.#child, 'message')) as [{ most: number }];
    return most;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill();
    await exited;
  }
}

/** Bodies of that size through two sidecars, each way, in both versions of HTTP. `bundle` is that of sidecars.ts. */
export async function soakBodies(bundle: string, bytes: number, report: (outcome: Outcome) => void): Promise<void> {
  for (const protocol of ['http', 'http2'] as const) {
    const app = await application(protocol);
    const sidecars = await SidecarProcess.start(bundle, app.at.port, protocol);
    const { port } = sidecars;
    // Grows to its working size first.
    await exchange(protocol, port, 'down', 64 * 1024 * 1024);
    for (const way of ['down', 'up'] as const) {
      const rssBytesBefore = await sidecars.mostRss();
      const began = performance.now();
      const got = await exchange(protocol, port, way, bytes);
      if (got !== bytes) throw new Error(`${protocol} ${way}: ${got} of ${bytes} bytes have come`);
      const seconds = (performance.now() - began) / 1_000;
      report({ protocol, way, bytes, seconds, rssBytes: await sidecars.mostRss(), rssBytesBefore });
    }
    await sidecars.stop();
    await app.close();
  }
}
