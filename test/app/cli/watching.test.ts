import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Denials } from '../../../src/api/denial.ts';
import type { MeshEvent } from '../../../src/api/event.ts';
import { events } from '../../../src/app/cli/events.ts';
import { tap } from '../../../src/app/cli/tap.ts';
import { whyDenied } from '../../../src/app/cli/why-denied.ts';
import { runConsul } from '../../../src/app/consul/top.ts';
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

describe('mesh why-denied', () => {
  const run = async (args: string[] = [], options: Record<string, string | boolean> = {}): Promise<string> => {
    const to = io();
    expect(await whyDenied({ args, options }, to)).toBe(0);
    return to.written.out;
  };
  const denials = async (): Promise<Denials['denials']> => (JSON.parse(await run(['web'], { json: true })) as Denials).denials;
  const intend = (Name: string, ...Sources: object[]) => world.write({ Kind: 'service-intentions', Name, Sources });

  /** As a shell would take it: words, and a document behind them. */
  async function type(command: string): Promise<void> {
    const [line = '', ...rest] = command.split('\n');
    const words = line.replace(" <<'EOF'", '').split(' ').slice(1);
    const to = { ...io(), stdin: () => Promise.resolve(rest.slice(0, -1).join('\n')) };
    expect({ code: await runConsul(words, to), ...to.written }).toMatchObject({ code: 0 });
    await world.synced();
  }

  /** The command of the newest refusal that is the one. */
  async function fixOf(wanted: (path: string | undefined) => boolean): Promise<string> {
    return vi.waitFor(async () => {
      const found = (await denials()).find(({ request, fix }) => fix !== undefined && wanted(request?.path));
      return found?.fix ?? expect.fail('there is none');
    }, 5_000);
  }

  it('is at rest when nothing was refused', async () => {
    expect(await run()).toBe('Nothing was refused, as far as is remembered.\n');
    expect(await run(['web', 'payments'], { since: '5m' })).toBe('Nothing was refused from web to payments in the last 5m.\n');
  });

  it('prints a command that allows exactly one request, and keeps the others of the entry', async () => {
    const api = { Name: 'api', Action: 'allow', Description: "don't lose me" };
    const web = {
      Name: 'web',
      Permissions: [
        { Action: 'deny', HTTP: { PathPrefix: '/admin' } },
        { Action: 'allow', HTTP: { PathPrefix: '/' } },
      ],
    };
    await intend('payments', api, web);
    const status = async (path: string, method?: string): Promise<number> => (await get(path, method)).status;
    expect([await status('/'), await status('/admin/users?key=1'), await status('/admin/keys')]).toEqual([200, 403, 403]);
    await fixOf((path) => path === '/admin/keys');
    const fix = await fixOf((path) => path === '/admin/users');
    const shown = await run(['web', 'payments'], { since: '5m' });
    expect(shown).toContain('web -> payments GET /admin/users: 403, once, 0s ago');
    expect(shown).toContain('  intention web => payments (precedence 9): Permissions[0] is deny\n  of service-intentions payments\n');
    expect(shown).toContain(`To allow exactly this:\n${fix}\n`);
    expect(shown).toContain('after one, ask again');
    await type(fix);
    expect([await status('/admin/users'), await status('/admin/users', 'POST'), await status('/admin/keys'), await status('/')]).toEqual([
      200, 403, 403, 200,
    ]);
    const { Sources } = (await (await fetch(`${world.api}/v1/config/service-intentions/payments`)).json()) as { Sources: object[] };
    expect(Sources).toContainEqual(expect.objectContaining(api));
    // What it was made for has changed: the other commands of before overwrite nothing.
    const late = io();
    const [, ...document] = fix.split('\n');
    const code = await runConsul(['config', 'write', ...fix.split('\n')[0]!.split(' ').slice(3, 6), '-'], {
      ...late,
      stdin: () => Promise.resolve(document.slice(0, -1).join('\n')),
    });
    expect(code).toBe(1);
    expect(await run(['web', 'payments'])).toContain(
      '  It would pass now: intention web => payments (precedence 9): Permissions[0] is allow\n',
    );
    await world.remove('service-intentions', 'payments');
  });

  it('does so where an intention of the old API denies, under a default that allows', async () => {
    await world.put(
      '/v1/connect/intentions',
      { SourceName: 'web', DestinationName: 'payments', Action: 'deny', Meta: { old: 'yes' } },
      'POST',
    );
    await world.synced();
    expect((await get('/old')).status).toBe(403);
    await type(await fixOf((path) => path === '/old'));
    expect([(await get('/old')).status, (await get('/other')).status]).toEqual([200, 403]);
    await world.remove('service-intentions', 'payments');
  });

  it('does so for connections', async () => {
    await intend('bytes', { Name: '*', Action: 'deny' });
    const answer = () =>
      new Promise<string>((resolve) => {
        let said = '';
        connect(bytes, '127.0.0.1')
          .setEncoding('utf8')
          .on('data', (text) => (said += text))
          .on('error', () => undefined)
          .on('close', () => resolve(said));
      });
    expect(await answer()).toBe('');
    const fix = await fixOf((path) => path === undefined);
    expect(fix).toBe('mesh intention create -allow web bytes');
    expect(await run(['bytes'])).toContain('web -> bytes a connection: closed, once,');
    await type(fix);
    expect(await answer()).toBe('hello');
    expect(await run(['bytes'])).toContain('  It would pass now: intention allow web => bytes (precedence 9)\n');
    // Whoever has written permissions since is not to lose them.
    await world.remove('service-intentions', 'bytes');
    await world.write({ Kind: 'service-defaults', Name: 'bytes', Protocol: 'http' });
    await intend('bytes', { Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] });
    const shown = await run(['bytes']);
    expect(shown).toContain(
      '  It would pass now: bytes speaks http, and the permissions of intention web => bytes (precedence 9) decide request by request\n',
    );
    expect(shown).not.toContain('mesh intention');
    await world.remove('service-intentions', 'bytes');
    await world.remove('service-defaults', 'bytes');
    await world.synced();
  });
});

describe('mesh events', () => {
  const run = async (options: Record<string, string | boolean> = {}): Promise<string> => {
    const to = io();
    expect(await events({ args: [], options }, to)).toBe(0);
    return to.written.out;
  };

  it('lists what has happened: registrations, entries, intentions, what sidecars serve, certificates and refusals', async () => {
    const out = await run();
    for (const line of [
      /^\S+ agent +the agent has begun, version /,
      /agent +the data plane is connected, pid 1$/m,
      /config +service-defaults payments was written$/m,
      /service +an instance of web has come: web on local$/m,
      /certificate +a certificate was issued for web, good until 20/m,
      /sidecar +web-sidecar-proxy serves index \d+$/m,
      /intention +intention web => payments decides by 2 permissions, and is new$/m,
      /denied +web was refused GET \/admin\/users of payments: intention web => payments \(precedence 9\): Permissions\[0\] is deny$/m,
    ])
      expect(out).toMatch(line);
    expect(out).not.toContain('key=1');
    expect(await run({ kind: 'config,denied', count: '3' })).toMatch(/^(\S+ (config|denied) .*\n){3}$/);
    // Something may happen in between.
    await vi.waitFor(async () => expect(await run({ since: '1h' })).toBe(await run()), 5_000);
  });

  it('goes on with what happens, without a gap and in order', async () => {
    const stop = new AbortController();
    const to = io({ signal: stop.signal });
    const running = events({ args: [], options: { follow: true, json: true } }, to);
    await expect.poll(() => to.written.out).not.toBe('');
    await world.write({ Kind: 'service-defaults', Name: 'late', Protocol: 'http' });
    await expect.poll(() => to.written.out).toContain('service-defaults late was written');
    stop.abort(new MeshError('terminated', 'stopped'));
    expect(await running).toBe(143);
    const ids = to.written.out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as MeshEvent).id);
    expect(ids).toEqual(ids.map((_, i) => i + 1));
  });

  it('says which kinds there are', async () => {
    await expect(events({ args: [], options: { kind: 'confg' } }, io())).rejects.toMatchObject({
      code: 'usage',
      message: 'there is no kind of events "confg"; did you mean "config"?',
    });
  });
});
