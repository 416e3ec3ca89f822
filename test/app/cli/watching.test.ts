import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tap } from '../../../src/app/cli/tap.ts';
import { MeshError } from '../../../src/base/errors.ts';
import type { TappedRequest } from '../../../src/compile/proxy-config.ts';
import { type TestIo, testIo } from '../../commands/io.ts';
import { freePorts } from '../../free-ports.ts';
import { echo, GatewayWorld } from '../../proxy/gateways/world.ts';

/** What watches a mesh, over the HTTP API of an agent with sidecars and real traffic. */
let world: GatewayWorld;
let payments = 0;
let bytes = 0;

beforeAll(async () => {
  world = await GatewayWorld.start();
  [payments = 0, bytes = 0] = await freePorts(2);
  await world.write({ Kind: 'service-defaults', Name: 'payments', Protocol: 'http' });
  await world.http('payments', echo('payments'));
  await world.tcp('bytes', (socket) => socket.end('hello'));
  const upstreams = Object.entries({ payments, bytes }).map(([DestinationName, LocalBindPort]) => ({ DestinationName, LocalBindPort }));
  await world.http('web', echo('web'), upstreams);
});
afterAll(() => world[Symbol.asyncDispose]());

const io = (more: Partial<TestIo> = {}): TestIo => testIo({ env: { CONSUL_HTTP_ADDR: world.api }, ...more });
const get = (path: string, method = 'GET') => world.call(payments, { path, method, headers: { authorization: 'Bearer secret' } });

/** Does it again and again until the command has ended: it begins to listen when it likes. */
async function meanwhile<T>(running: Promise<T>, work: () => Promise<unknown>): Promise<T> {
  let ended = false;
  const done = running.finally(() => (ended = true));
  done.catch(() => undefined);
  while (!ended) {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return done;
}

describe('mesh tap', () => {
  const run = (args: string[], options: Record<string, string | boolean>, to: TestIo = io()) => tap({ args, options }, to);

  it('shows each request once, with its fields, but for what lets somebody in', async () => {
    const to = io();
    await meanwhile(run([], { count: '1', headers: true }, to), () => get('/currency?a=1'));
    expect(to.written.out).toMatch(/^\S+ web -> payments GET \/currency\?a=1 200 \S+ 127\.0\.0\.1:\d+\n {2}> /);
    expect(to.written.out).toContain('authorization: (redacted)');
    expect(to.written.out).not.toContain('secret');
    expect(to.written.err).toBe('');
  });

  it('filters by service, ends, path, method and status', async () => {
    const both = async () => {
      await get('/a', 'POST');
      await get('/a');
      await get('/b', 'POST');
    };
    const to = io();
    const options = { from: 'web', to: 'payments', path: '/a', method: 'post', status: '2xx', json: true, count: '2' };
    await meanwhile(run(['payments'], options, to), both);
    const lines = to.written.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TappedRequest);
    expect(lines).toHaveLength(2);
    for (const line of lines)
      expect(line).toMatchObject({ direction: 'inbound', source: 'web', method: 'POST', target: '/a', status: 200 });
  });

  it('tells of connections that pass as bytes when they close', async () => {
    const to = io();
    const hello = () =>
      new Promise<void>((resolve) =>
        connect(bytes, '127.0.0.1')
          .resume()
          .on('close', () => resolve()),
      );
    await meanwhile(run([], { to: 'bytes', count: '1' }, to), hello);
    expect(to.written.out).toMatch(/^\S+ web -> bytes tcp, 0 B up, 5 B down closed /);
  });

  it('ends with a signal, and has said on a terminal what it waits for', async () => {
    const stop = new AbortController();
    const terminal = { stdoutIsTty: true, stderrIsTty: true, colour: false, animate: false, columns: 80 };
    const to = io({ signal: stop.signal, terminal });
    const running = run(['web'], { to: 'payments', path: '/nobody' }, to);
    await expect.poll(() => to.written.err).toBe('Waiting for requests through web to payments: any method /nobody. Ctrl-C ends it.\n');
    stop.abort(new MeshError('interrupted', 'stopped'));
    expect(await running).toBe(130);
    expect(to.written.out).toBe('');
  });

  it('says what is wrong with what it is asked', async () => {
    await expect(run([], { status: '9xx' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('a class such as 5xx'),
    });
    await expect(run([], { direction: 'up' })).rejects.toMatchObject({ code: 'usage' });
    await expect(run([], { count: '0' })).rejects.toMatchObject({ code: 'usage' });
    await expect(run([], {}, testIo({ env: { CONSUL_HTTP_ADDR: '127.0.0.1:1' } }))).rejects.toMatchObject({ code: 'unreachable' });
    const listening = new AbortController();
    const mistyped = io({ signal: listening.signal });
    const running = run(['paymets'], {}, mistyped);
    await expect.poll(() => mistyped.written.err).toBe('warning: no service is called "paymets"; did you mean "payments"?\n');
    listening.abort(new MeshError('interrupted', 'stopped'));
    expect(await running).toBe(130);
  });
});
