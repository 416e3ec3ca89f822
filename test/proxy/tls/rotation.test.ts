import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect as connectH2, createServer as createH2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { Authority } from '../fixture/certificates.ts';
import { callUpstream } from '../fixture/http.ts';
import { Mesh } from '../fixture/mesh.ts';
import { httpApp, RawClient, tcpApp } from '../fixture/sockets.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(app: { at: { address: string; port: number }; close(): unknown }, protocol: 'http' | 'http2' | 'tcp'): Promise<Mesh> {
  const mesh = await Mesh.start({ app: app.at, protocol });
  closing.push(
    () => mesh.close(),
    () => app.close(),
  );
  return mesh;
}

/** Trust in both roots, then leaves of the new one, then trust in it alone; and intentions that change nothing for web. */
async function rotate(mesh: Mesh, untilAnotherRequest: () => Promise<void>): Promise<void> {
  const next = new Authority(mesh.authority.trustDomain);
  const old = mesh.authority.root.certPem;
  const steps = [
    { roots: [old, next.root.certPem] },
    { payments: next.leaf('payments') },
    { web: next.leaf('web') },
    { roots: [next.root.certPem] },
    { payments: next.leaf('payments'), web: next.leaf('web') },
  ];
  for (const { roots, payments, web } of steps) {
    await mesh.server.apply(mesh.update([], { ...(roots && { roots }), leaves: payments ? [payments] : [] }));
    await mesh.client.apply(mesh.update([], { ...(roots && { roots }), leaves: web ? [web] : [] }));
    await untilAnotherRequest();
  }
  for (let i = 0; i < 5; i++) {
    await mesh.configure({
      intentions: [
        { source: 'web', action: 'allow', precedence: 9 },
        { source: `s${i}`, action: 'deny', precedence: 9 },
      ],
    });
    await untilAnotherRequest();
  }
}

/** Asks again and again, four at a time, until told to stop; every answer has to be the expected one. */
function load(ask: (i: number) => Promise<string>): { another(): Promise<void>; stop(): Promise<string[]> } {
  const answers: string[] = [];
  let going = true;
  const workers = [0, 1, 2, 3].map(async (first) => {
    for (let i = first; going; i += 4) {
      const answer = await ask(i).catch(String);
      answers.push(answer);
    }
  });
  return {
    another: async () => {
      const before = answers.length;
      while (answers.length < before + 8) await new Promise((resolve) => setImmediate(resolve));
    },
    stop: async () => {
      going = false;
      await Promise.all(workers);
      return answers;
    },
  };
}

describe('a rotation of roots and leaves under load', () => {
  it('fails no request, on kept connections or new ones', async () => {
    const mesh = await start(await httpApp((_req, res) => res.end('ok')), 'http');
    const kept = new Agent({ keepAlive: true });
    const running = load(async (i) => text(await callUpstream(mesh, { path: '/', agent: i % 2 === 0 ? kept : false })));
    await running.another();
    await rotate(mesh, () => running.another());
    const answers = await running.stop();
    kept.destroy();
    expect(answers.filter((answer) => answer !== 'ok')).toEqual([]);
  });

  it('fails no connection of bytes', async () => {
    const mesh = await start(await tcpApp((socket) => socket.pipe(socket)), 'tcp');
    const open = await RawClient.connect(mesh.upstream);
    const running = load(async (i) => {
      const client = await RawClient.connect(mesh.upstream);
      client.write(`<${i}>`);
      await client.untilText(`<${i}>`);
      client.close();
      return 'ok';
    });
    await rotate(mesh, async () => {
      open.write('x');
      await running.another();
    });
    await open.until(({ text: got }) => got === 'x'.repeat(10));
    open.close();
    expect((await running.stop()).filter((answer) => answer !== 'ok')).toEqual([]);
  });

  it('fails no stream of HTTP/2', async () => {
    const server = createH2Server((_req, res) => res.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const mesh = await start({ at, close: () => server.close() }, 'http2');
    const session = connectH2(`http://127.0.0.1:${mesh.upstream.port}`);
    const running = load((i) => text(session.request({ ':path': `/${i}` })));
    await running.another();
    await rotate(mesh, () => running.another());
    expect((await running.stop()).filter((answer) => answer !== 'ok')).toEqual([]);
    session.close();
  });
});
