import { request } from 'node:http';
import type { HttpSettings } from '../../../src/control/http/settings.ts';
import { openTestPlane, type TestPlane, type TestPlaneOptions } from '../harness.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The body before it was read as text. */
  readonly bytes: Buffer;
  readonly json: unknown;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer | object;
  readonly signal?: AbortSignal;
}

/** A control plane that listens, and a client that sends exactly what it is told. */
export interface TestApi extends TestPlane {
  readonly address: string;
  call(path: string, call?: Call): Promise<Reply>;
}

export async function openTestApi({ settings = {}, ...options }: TestPlaneOptions & { settings?: HttpSettings } = {}): Promise<TestApi> {
  const test = await openTestPlane(options);
  const { host, port } = await test.plane.listenHttp({ host: '127.0.0.1', port: 0, settings });
  return {
    plane: test.plane,
    dir: test.dir,
    address: `${host}:${port}`,
    call: (path, options) => send(host, port, path, options),
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

function send(host: string, port: number, path: string, call: Call = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body, signal } = call;
  return new Promise((resolve, reject) => {
    // Node gives the length of a body for some methods only.
    const sent = Buffer.from(typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : (body ?? ''));
    const isMeasured = body === undefined || 'Transfer-Encoding' in headers;
    const all = isMeasured ? headers : { 'Content-Length': String(sent.length), ...headers };
    const outgoing = request({ host, port, path, method, headers: all, agent: false, ...(signal ? { signal } : {}) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const isJson = response.headers['content-type'] === 'application/json';
        resolve({
          status: response.statusCode!,
          headers: response.headers as Record<string, string | undefined>,
          text,
          bytes,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(sent);
  });
}
