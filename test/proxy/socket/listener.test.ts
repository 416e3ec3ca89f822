import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Listener } from '../../../src/proxy/socket/listener.ts';

const ANY = { address: '127.0.0.1', port: 0 };

describe('a closed listener', () => {
  it('has given its port back, and leaves its connections to who accepted them', async () => {
    const listener = await Listener.bind(ANY);
    const accepted = new Promise<Socket>((resolve) => listener.point(resolve));
    const { port } = listener.address;
    const client = connect(port, '127.0.0.1');
    const socket = await accepted;
    listener.close();
    const next = await Listener.bind({ address: '127.0.0.1', port });
    socket.write('still here');
    expect(String((await once(client, 'data'))[0])).toBe('still here');
    client.destroy();
    socket.destroy();
    next.close();
  });

  it('closes connections that waited for an acceptor', async () => {
    const listener = await Listener.bind(ANY);
    const client = connect(listener.address.port, '127.0.0.1').on('error', () => undefined);
    await once(client, 'connect');
    const closed = once(client, 'close');
    listener.close();
    await closed;
  });
});
