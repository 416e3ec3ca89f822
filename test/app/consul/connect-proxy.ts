import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';

/** An application that answers each request with its name and the path. */
export async function application(name: string): Promise<{ readonly address: string } & AsyncDisposable> {
  const server = createServer((request, response) => response.end(`${name} ${request.url}`));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export interface OurProxy extends AsyncDisposable {
  /** What it has printed. */
  readonly log: string;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number>;
  /** As Ctrl-C does; resolves with the exit code. */
  stop(): Promise<number>;
}

/** `connect proxy` of ours, in this process. */
export function ourProxy(consul: string, ...words: readonly string[]): OurProxy {
  const stopping = new AbortController();
  const io = testIo({ env: { CONSUL_HTTP_ADDR: consul }, signal: stopping.signal });
  const ended = runConsul(['connect', 'proxy', ...words], io, 'consul');
  const stop = (): Promise<number> => {
    stopping.abort();
    return ended;
  };
  return {
    get log() {
      return io.written.err;
    },
    ended,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** One request: `200 payments /`, `403 …`, or why there was no answer. */
export function ask(port: number, path = '/', headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, headers, agent: false }, (response: IncomingMessage) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('close', () => resolve(`${response.statusCode} ${text}`));
    });
    request.on('error', (error) => resolve(error.message));
  });
}

/** Asks again until the answer is this one; returns the last. */
export async function soon(wanted: string | RegExp, question: () => Promise<string>, timeoutMs = 10_000): Promise<string> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await question();
    const isIt = typeof wanted === 'string' ? answer === wanted : wanted.test(answer);
    if (isIt || performance.now() > deadline) return answer;
    await new Promise((done) => setTimeout(done, 10));
  }
}
