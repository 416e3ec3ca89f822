import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Listener } from '../../../src/proxy/socket/listener.ts';

const LONG_MS = 3_600_000;

describe('a retired listener', () => {
  it('waits for its connections, and takes a new deadline when it is asked again', async () => {
    const listener = await Listener.bind({ address: '127.0.0.1', port: 0 });
    const accepted = new Promise<void>((resolve) => listener.point(() => resolve()));
    const client = connect(listener.address.port, '127.0.0.1');
    await accepted;
    const first = listener.retire(LONG_MS);
    let gone = false;
    void first.then(() => {
      gone = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(gone).toBe(false);
    const closed = once(client, 'close');
    await listener.retire(0);
    await first;
    await closed;
    expect(gone).toBe(true);
  });

  it('gives its port back at once', async () => {
    const listener = await Listener.bind({ address: '127.0.0.1', port: 0 });
    listener.point((socket) => socket.resume().once('end', () => socket.end()));
    const { port } = listener.address;
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    const gone = listener.retire(LONG_MS);
    const next = await Listener.bind({ address: '127.0.0.1', port });
    client.destroy();
    await gone;
    await next.retire(0);
  });
});
