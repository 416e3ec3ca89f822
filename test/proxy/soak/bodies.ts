import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:http2';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Http2App, http2App } from '../fixture/http2.ts';
import { httpApp, type TestApp } from '../fixture/sockets.ts';

export interface Outcome {
  readonly protocol: 'http' | 'http2';
  readonly way: 'up' | 'down';
  readonly bytes: number;
  readonly seconds: number;
  /** Most memory of the process with both sidecars, while the body went by and before it. */
  readonly rssBytes: number;
  readonly rssBytesBefore: number;
}

const BLOCK = Buffer.alloc(64 * 1024, 'x');

async function write(to: Writable, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= BLOCK.length)
    if (!to.write(left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left))) await once(to, 'drain');
  to.end();
}

async function read(from: Readable): Promise<number> {
  let bytes = 0;
  from.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await finished(from, { writable: false });
  return bytes;
}

/** Sends as much as its path says, and tells how much has come. */
function application(protocol: 'http' | 'http2'): Promise<TestApp | Http2App> {
  const answer = async (path: string, from: Readable, to: Writable): Promise<void> => {
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

async function exchange(protocol: 'http' | 'http2', port: number, way: 'up' | 'down', bytes: number): Promise<number> {
  const path = way === 'up' ? '/' : `/${bytes}`;
  if (protocol === 'http') {
    const call = request({ host: '127.0.0.1', port, path, method: way === 'up' ? 'POST' : 'GET', agent: false });
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    await write(call, way === 'up' ? bytes : 0);
    return countOf(way, (await answered)[0]);
  }
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': way === 'up' ? 'POST' : 'GET', ':path': path }, { endStream: way === 'down' });
  const [count] = await Promise.all([countOf(way, stream), way === 'up' ? write(stream, bytes) : undefined]);
  session.close();
  return count;
}

async function countOf(way: 'up' | 'down', answer: Readable): Promise<number> {
  if (way === 'down') return read(answer);
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return Number(text);
}

async function told(child: ChildProcess): Promise<{ port: number; most: number }> {
  const [message] = (await once(child, 'message')) as [{ port: number; most: number }];
  return message;
}

/** Bodies of that size through two sidecars, each way, in both versions of HTTP. `sidecars` is the bundle of sidecars.ts. */
export async function soakBodies(sidecars: string, bytes: number, report: (outcome: Outcome) => void): Promise<void> {
  for (const protocol of ['http', 'http2'] as const) {
    const app = await application(protocol);
    const child = fork(sidecars, [String(app.at.port), protocol]);
    const { port } = await told(child);
    const most = async () => {
      child.send('most');
      return (await told(child)).most;
    };
    // Grows to its working size first.
    await exchange(protocol, port, 'down', 64 * 1024 * 1024);
    for (const way of ['down', 'up'] as const) {
      const rssBytesBefore = await most();
      const began = performance.now();
      const got = await exchange(protocol, port, way, bytes);
      if (got !== bytes) throw new Error(`${protocol} ${way}: ${got} of ${bytes} bytes have come`);
      report({ protocol, way, bytes, seconds: (performance.now() - began) / 1_000, rssBytes: await most(), rssBytesBefore });
    }
    child.kill();
    await app.close();
  }
}
