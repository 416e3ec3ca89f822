import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { IntentionRule } from '../../src/compile/proxy-config.ts';
import { Mesh, type MeshOptions, PAYMENTS } from './fixture/mesh.ts';
import { eventually, RawClient, send, type TestApp, tcpApp } from './fixture/sockets.ts';

let app: TestApp;
let mesh: Mesh;

async function start(of: Promise<TestApp>, options: MeshOptions = {}): Promise<void> {
  app = await of;
  mesh = await Mesh.start({ app: app.at, ...options });
}

afterEach(async () => {
  await mesh.close();
  await app.close();
});

const deny = (source: string): IntentionRule => ({ source, action: 'deny', precedence: 9 });
const echo = () => tcpApp((socket) => socket.pipe(socket));

describe('tcp through two sidecars', () => {
  it('passes the end of writing on and lets the other direction go on', async () => {
    await start(
      tcpApp((socket) => {
        let seen = '';
        socket.on('data', (chunk: Buffer) => (seen += chunk.toString()));
        socket.on('end', () => socket.end(`after the end: ${seen}`));
      }),
    );
    const client = await RawClient.connect(mesh.upstream);
    client.socket.end('request');
    expect(await client.rest()).toBe('after the end: request');
    expect(client.ended).toBe('end');
  });

  it('lets the application end first', async () => {
    let received = '';
    await start(
      tcpApp((socket) => {
        socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
        socket.end('greeting');
      }),
    );
    const client = await RawClient.connect(mesh.upstream);
    expect(await client.rest()).toBe('greeting');
    client.socket.end('reply');
    await eventually(() => received === 'reply', 'the reply arrived');
  });

  it('leaves no readable byte between the sidecars', async () => {
    await start(echo());
    const client = await RawClient.connect(mesh.upstream);
    client.write('plain words');
    await client.untilText('plain words');
    client.close();
    expect(mesh.recorder.bytes().length).toBeGreaterThan(500);
    expect(mesh.recorder.bytes().includes('plain words')).toBe(false);
  });

  it('does not read ahead of a reader that has stopped', async () => {
    let socketOfApp: import('node:net').Socket | undefined;
    await start(
      tcpApp((socket) => {
        socketOfApp = socket;
        socket.pause();
      }),
    );
    const client = await RawClient.connect(mesh.upstream);
    const block = Buffer.alloc(1024 * 1024);
    // Kernel buffers of four sockets take some MB; then it must stand still.
    let accepted = 0;
    while (accepted < 200 && (client.socket.write(block) || client.socket.writableLength < 4 * block.length)) accepted++;
    await eventually(() => socketOfApp !== undefined, 'the application has the connection');
    const waiting = client.socket.writableLength;
    expect(waiting).toBeGreaterThan(0);
    client.socket.end();
    let got = 0;
    socketOfApp!.on('data', (chunk: Buffer) => (got += chunk.length));
    socketOfApp!.resume();
    await once(socketOfApp!, 'end');
    expect(got).toBe(client.socket.bytesWritten);
  });

  it('counts bytes of both ways', async () => {
    await start(echo());
    const client = await RawClient.connect(mesh.upstream);
    client.socket.end('12345');
    await client.rest();
    await eventually(() => mesh.server.stats().listeners[`${PAYMENTS}/inbound`]!.activeConnections === 0, 'the connection is closed');
    expect(mesh.server.stats().listeners[`${PAYMENTS}/inbound`]).toMatchObject({ connections: 1, bytesUp: 5, bytesDown: 5 });
  });

  it('closes when the application is not there', async () => {
    await start(echo());
    await mesh.configure({ app: { address: '127.0.0.1', port: 1 } });
    expect(await send(mesh.upstream, 'x')).toBe('');
    expect(mesh.reasons()).toContain('127.0.0.1:1 refused the connection');
  });
});

describe('intentions', () => {
  it('refuse a connection after its handshake and log the rule', async () => {
    await start(echo(), { intentions: [deny('web')] });
    expect(await send(mesh.upstream, 'x')).toBe('');
    expect(app.sockets.size).toBe(0);
    await eventually(
      () => mesh.reasons().some((reason) => reason.endsWith('svc/web: intention deny web => payments (precedence 9)')),
      'the log line',
    );
  });

  it('that come to deny a source end its open connections', async () => {
    await start(echo());
    const client = await RawClient.connect(mesh.upstream);
    client.write('hello');
    await client.untilText('hello');
    await mesh.configure({ intentions: [deny('web')] });
    await client.rest();
    await eventually(() => app.sockets.size === 0, 'the connection to the application is closed');
    await mesh.configure({ intentions: [] });
    const again = await RawClient.connect(mesh.upstream);
    again.write('hello');
    await again.untilText('hello');
    again.close();
  });

  it('about another source leave open connections alone', async () => {
    await start(echo());
    const client = await RawClient.connect(mesh.upstream);
    client.write('one');
    await client.untilText('one');
    await mesh.configure({ intentions: [deny('billing')] });
    client.write('two');
    await client.untilText('two');
    client.close();
  });
});
