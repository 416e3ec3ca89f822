import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onBytes } from '../../../src/proxy/socket/on-bytes.ts';

let near: Socket;
let far: Socket;

beforeEach(async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  far = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
  near = (await accepted)[0] as Socket;
  server.close();
});

afterEach(() => {
  near.destroy();
  far.destroy();
});

/** Resolves when so many bytes have come. */
function collect(bytes: number, onChunk: (text: string) => void = () => undefined) {
  let text = '';
  return new Promise<{ text: string; stop: () => void }>((resolve) => {
    const stop = onBytes(near, (chunk) => {
      text += chunk.toString('latin1');
      onChunk(chunk.toString('latin1'));
      if (text.length >= bytes) resolve({ text, stop });
    });
  });
}

describe('bytes of a socket', () => {
  it('come in order after what was put back, and the end after them', async () => {
    const ended = once(near, 'end');
    near.unshift(Buffer.from('first '));
    far.end('second third');
    expect((await collect(18)).text).toBe('first second third');
    await ended;
  });

  it('wait while it is paused, and the peer with them', async () => {
    const sent = 'x'.repeat(8 * 1024 * 1024);
    let seen = 0;
    const all = collect(sent.length + 4, (text) => {
      seen += text.length;
      near.pause();
      setImmediate(() => near.resume());
    });
    near.pause();
    far.write(`${sent}last`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toBe(0);
    expect(near.readableLength).toBeLessThan(1024 * 1024);
    near.resume();
    expect((await all).text.endsWith('xlast')).toBe(true);
  });

  it('are somebody else’s once it has been stopped', async () => {
    const first = collect(3);
    far.write('one');
    (await first).stop();
    const next = once(near, 'data');
    far.write('two');
    expect(String((await next)[0])).toBe('two');
    expect((await first).text).toBe('one');
  });
});
