import { performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { NO_FIELDS } from '../../../src/proxy/http1/fields.ts';
import { ClientSession } from '../../../src/proxy/http2/client-session.ts';
import { readRequestHead } from '../../../src/proxy/http2/request.ts';

/** Two ends of a connection, on which everything that is written within a turn of the event loop comes as one piece. */
function joined(): [Socket, Socket] {
  const end = (other: () => Duplex) => {
    const waiting: Buffer[] = [];
    return new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        if (waiting.push(chunk) === 1) setImmediate(() => other().push(Buffer.concat(waiting.splice(0))));
        done();
      },
    });
  };
  const one: Duplex = end(() => two);
  const two: Duplex = end(() => one);
  return [one as Socket, two as Socket];
}

it('a body that comes together with its head does not overtake it', async () => {
  const [near, far] = joined();
  performServerHandshake(far).on('stream', (stream: ServerHttp2Stream) => {
    stream.respond({ ':status': 200 });
    stream.end('body');
  });
  const session = new ClientSession(near, 60_000, 60_000, 'http');
  const request = readRequestHead([':method', 'GET', ':scheme', 'http', ':authority', 'payments', ':path', '/'], true, 60_000);
  if (!('method' in request)) throw request;
  const told = await new Promise<string[]>((resolve) => {
    const calls: string[] = [];
    const listener = {
      interim: () => undefined,
      head: () => void calls.push('head'),
      data: (data: Buffer) => void calls.push(String(data)),
      end: () => resolve([...calls, 'end']),
      switched: () => undefined,
      failed: ({ reason }: { reason: string }) => resolve([...calls, reason]),
      drain: () => undefined,
    };
    const target = { name: 'payments', take: () => undefined, dial: () => Promise.reject(new Error('not dialled')) };
    const edits = { defaultHost: 'payments', remove: new Set<string>(), add: [] };
    session.open().begin(listener, request, { target, edits }, [], NO_FIELDS);
  });
  expect(told).toEqual(['head', 'body', 'end']);
  session.session.destroy();
  near.destroy();
  far.destroy();
});
