import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { configEntry, intention, type Mesh, MeshError, service, startMesh } from '../../src/main/library.ts';

const say = (text: string) => () => new Response(text);

describe('a mesh that is built in code', () => {
  let mesh: Mesh;
  const elsewhere = createServer((_, response) => response.end('elsewhere'));

  beforeAll(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    mesh = await startMesh({
      services: [
        service('web', async (_, { fetch }) => new Response(`web got: ${await (await fetch('payments', '/pay')).text()}`), {
          upstreams: ['payments'],
        }),
        service('payments', say('v1'), { version: '1', instances: 2 }),
        service('payments', say('v2'), { version: '2' }),
        service('echo', async (request) => new Response(request.body, { status: 201, headers: request.headers }), {
          upstreams: ['legacy'],
        }),
        service('listener', {
          http: (request, response) => {
            response.setHeader('set-cookie', ['a=1', 'b=2']);
            response.end(`${request.method} ${request.url}`);
          },
        }),
        service('bytes', { tcp: (socket) => socket.end('hello') }),
        service('legacy', { address: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}` }),
        service('broken', () => {
          throw new Error('out of order');
        }),
      ],
      configEntries: [
        configEntry({
          Kind: 'service-resolver',
          Name: 'payments',
          DefaultSubset: 'v1',
          Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } },
        }),
      ],
      intentions: [intention('echo', 'legacy', 'deny')],
    });
  });

  afterAll(async () => {
    await mesh.close();
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  const answers = async (count: number) => {
    const texts = new Set<string>();
    for (let n = 0; n < count; n++) texts.add(await (await mesh.fetch('payments')).text());
    return texts;
  };

  it('has services that call each other', async () => {
    const response = await mesh.fetch('web', '/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('web got: v1');
  });

  it('takes handlers of every form', async () => {
    const sent = await mesh.fetch('echo', '/x?y=1', { method: 'POST', body: 'a body', headers: { 'x-mine': 'kept' } });
    expect([sent.status, sent.headers.get('x-mine'), await sent.text()]).toEqual([201, 'kept', 'a body']);
    const listened = await mesh.fetch('listener', 'path?q');
    expect([await listened.text(), listened.headers.getSetCookie()]).toEqual(['GET /path?q', ['a=1', 'b=2']]);
    expect(await (await mesh.fetch('legacy')).text()).toBe('elsewhere');
    const socket = await mesh.connect('bytes');
    const received: Buffer[] = [];
    for await (const chunk of socket) received.push(chunk as Buffer);
    expect(Buffer.concat(received).toString()).toBe('hello');
    const failed = await mesh.fetch('broken');
    expect([failed.status, await failed.text()]).toEqual([500, 'the handler of broken-1 failed: out of order\n']);
  });

  it('follows the entries that are written', async () => {
    expect(await answers(5)).toEqual(new Set(['v1']));
    await mesh.configEntry({
      Kind: 'service-splitter',
      Name: 'payments',
      Splits: [
        { Weight: 50, ServiceSubset: 'v1' },
        { Weight: 50, ServiceSubset: 'v2' },
      ],
    });
    expect(await answers(40)).toEqual(new Set(['v1', 'v2']));
    await mesh.deleteConfigEntry('service-splitter', 'payments');
    expect(await answers(5)).toEqual(new Set(['v1']));
  });

  it('denies by intention, of its start and later', async () => {
    expect((await mesh.fetch('legacy', '/', { from: 'echo' })).status).toBe(403);
    await mesh.intention('web', 'payments', 'deny');
    expect((await mesh.fetch('payments', '/', { from: 'web' })).status).toBe(403);
    expect((await mesh.fetch('payments')).status).toBe(200);
    await mesh.intention('web', 'payments', [
      { Action: 'allow', HTTP: { PathExact: '/only' } },
      { Action: 'deny', HTTP: { PathPrefix: '/' } },
    ]);
    expect((await mesh.fetch('payments', '/only', { from: 'web' })).status).toBe(200);
    expect((await mesh.fetch('payments', '/other', { from: 'web' })).status).toBe(403);
    await mesh.deleteIntention('web', 'payments');
    expect((await mesh.fetch('payments', '/other', { from: 'web' })).status).toBe(200);
  });

  it('explains what would become of a call', async () => {
    expect(await mesh.explain('web', 'payments')).toMatchObject({ verdict: 'passes', source: 'web', destination: 'payments' });
    const denied = await mesh.explain('echo', 'legacy', { path: '/x', headers: { 'x-group': 'dev' } });
    expect(denied).toMatchObject({ verdict: 'denied', protocol: 'http', request: { method: 'GET', path: '/x' } });
    expect(denied.steps.map(({ kind }) => kind)).toContain('intentions');
    expect(await mesh.explain('web', 'nobody')).toMatchObject({ verdict: 'undeliverable' });
    await expect(mesh.explain('nobody', 'web')).rejects.toMatchObject({ name: 'MeshError' });
  });

  it('shows what went by', async () => {
    using seen = mesh.tap({ to: 'payments', from: 'web' });
    await mesh.fetch('web');
    await mesh.fetch('payments', '/not/from/web');
    const request = await seen.next();
    expect(request).toMatchObject({ from: 'web', to: 'payments', path: '/pay', method: 'GET', status: 200, side: 'inbound', retries: 0 });
    expect(['payments-1', 'payments-2']).toContain(request.instance);
    expect(seen.requests).toHaveLength(1);
    const late = await seen.take(1, { timeout: 10 }).catch((error: unknown) => error);
    expect(late).toMatchObject({ name: 'MeshError', message: 'waited 0.01 s for 1 request from web to payments: there were 0' });
  });

  it('ends a loop over a tap when it is stopped', async () => {
    const seen = mesh.tap({ to: 'listener' });
    for (let n = 0; n < 3; n++) await mesh.fetch('listener', `/${n}`);
    const paths: string[] = [];
    for await (const { path } of seen) {
      paths.push(path);
      if (paths.length === 3) seen.stop();
    }
    expect(paths).toEqual(['/0', '/1', '/2']);
  });

  it('injects faults, and takes them back', async () => {
    const fault = await mesh.fault('listener', { abort: 503, headers: { 'x-chaos': 'yes' } });
    expect((await mesh.fetch('listener')).status).toBe(200);
    expect((await mesh.fetch('listener', '/', { headers: { 'x-chaos': 'yes' } })).status).toBe(503);
    await fault[Symbol.asyncDispose]();
    expect((await mesh.fetch('listener', '/', { headers: { 'x-chaos': 'yes' } })).status).toBe(200);
  });

  it('loses an instance, and gets it back', async () => {
    await mesh.kill('payments-1');
    expect((await mesh.fetch('payments')).status).toBe(200);
    await mesh.kill('payments');
    const status = async () => (await mesh.fetch('payments')).status;
    expect(await status()).toBe(503);
    await mesh.revive('payments');
    expect(await status()).toBe(200);
    await mesh.kill('listener', { noticed: false });
    expect((await mesh.fetch('listener')).status).toBe(503);
    await mesh.revive('listener');
    expect((await mesh.fetch('listener')).status).toBe(200);
    await expect(mesh.kill('legacy')).rejects.toThrow('which this mesh did not start');
  });

  it('takes further services while it runs', async () => {
    const [one] = await mesh.service('late', say('late'));
    expect(one).toMatchObject({ id: 'late-1', service: 'late' });
    expect(one!.identity).toMatch(/^spiffe:\/\/[0-9a-f-]+\.consul\/ns\/default\/dc\/dc1\/svc\/late$/);
    expect(await (await mesh.fetch('late')).text()).toBe('late');
  });

  it('speaks to clients of Consul', async () => {
    const services = (await (await fetch(`${mesh.address}/v1/catalog/services`)).json()) as object;
    expect(Object.keys(services)).toContain('payments');
    expect(mesh.env('web')).toEqual({
      CONSUL_HTTP_ADDR: mesh.address.slice('http://'.length),
      PAYMENTS_URL: mesh.upstream('web', 'payments'),
    });
    expect(await mesh.metrics('payments')).toMatch(/envoy_/);
  });

  describe('says what is wrong', () => {
    const wrong: [what: string, call: () => Promise<unknown>, message: string, hint: string][] = [
      ['service', () => mesh.fetch('paymets'), 'there is no service paymets in this mesh', 'did you mean "payments"?'],
      [
        'caller',
        () => mesh.fetch('payments', '/', { from: 'wep' }),
        'no service wep with a sidecar is in this mesh',
        'did you mean "web"?',
      ],
      [
        'upstream',
        () => mesh.fetch('echo', '/', { from: 'web' }),
        'web has no upstream echo',
        "declare it: service('web', handler, { upstreams: ['payments', 'echo'] })",
      ],
      ['instance', () => mesh.kill('payments-9'), 'this mesh runs no service or instance payments-9', 'did you mean "payments-1"?'],
      [
        'field',
        () => mesh.configEntry({ Kind: 'service-splitter', Name: 'payments', Splits: [{ Weigth: 100 }] } as never),
        'service-splitter/payments is invalid: invalid config key "Splits[0].Weigth"',
        'did you mean "Weight"?',
      ],
      [
        'value',
        () => mesh.configEntry({ Kind: 'service-splitter', Name: 'payments', Splits: [{ Weight: 10 }] }),
        'service-splitter/payments is invalid: the sum of all split weights must be 100, not 10.000000',
        '',
      ],
      [
        'intention',
        () => mesh.deleteIntention('web', 'listener'),
        'there is no intention from web to listener',
        'nobody has written one to listener',
      ],
      ['clock', () => mesh.clock.advance('1h'), 'this mesh goes by the real clock', "startMesh({ clock: 'manual', … })"],
      ['handler', () => mesh.service('none', {} as never), 'service none has no handler', 'give a function from Request to Response'],
      ['option', () => startMesh({ servces: [] } as never), 'startMesh has no option servces', 'did you mean "services"?'],
      ['fault', () => mesh.fault('payments', {}), 'the fault of payments does nothing', "give { abort: 503 }, { delay: '200ms' }, or both"],
    ];
    it.each(wrong)('%s', async (_, call, message, hint) => {
      const error: unknown = await call().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(MeshError);
      expect((error as MeshError).hint ?? '').toContain(hint);
      // Test runners show the message alone.
      expect((error as MeshError).message).toContain(message);
      expect((error as MeshError).message).toContain(hint);
    });

    it('where an entry contradicts another', async () => {
      const error = await mesh
        .configEntry({ Kind: 'service-router', Name: 'bytes', Routes: [{ Match: { HTTP: { PathPrefix: '/' } } }] })
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: 'MeshError', code: 'invalid' });
      expect((error as Error).message).toContain('does not permit advanced routing or splitting behavior');
    });

    it('and the field, for programs', async () => {
      const entry = {
        Kind: 'service-splitter',
        Name: 'payments',
        Splits: [{ Weight: 110 }, { Weight: -10, ServiceSubset: 'v1' }],
      } as const;
      const error = (await mesh.configEntry(entry).catch((thrown: unknown) => thrown)) as MeshError;
      expect(error.diagnostics.map(({ path }) => path)).toContain('Splits[1].Weight');
    });
  });

  it('waits for a condition, and says what it saw last', async () => {
    let looks = 0;
    expect(await mesh.waitFor(() => ++looks >= 3 && `look ${looks}`)).toBe('look 3');
    const text = mesh.waitFor(() => looks > 100, { timeout: 30 });
    await expect(text).rejects.toThrow(/^waited 0\.03 s in vain for looks > 100: the last value was false/);
    const named = mesh.waitFor(() => Promise.reject(new Error('not yet')), { timeout: 30, what: 'the third answer' });
    await expect(named).rejects.toThrow('in vain for the third answer: it failed: not yet');
  });
});

describe('a clock that is set by hand', () => {
  let mesh: Mesh;
  let fails = false;

  beforeAll(async () => {
    mesh = await startMesh({
      clock: 'manual',
      services: [
        service('web', say('web'), { upstreams: ['payments'] }),
        service('payments', () => new Response('paid', { status: fails ? 500 : 200 }), { id: 'flaky' }),
        service('payments', say('paid'), { id: 'fine' }),
      ],
      configEntries: [
        {
          Kind: 'service-defaults',
          Name: 'web',
          UpstreamConfig: { Defaults: { PassiveHealthCheck: { MaxFailures: 1, BaseEjectionTime: '30s', MaxEjectionPercent: 100 } } },
        },
      ],
    });
  });
  beforeEach(() => {
    fails = false;
  });
  afterAll(() => mesh.close());

  /** Of the certificate that the sidecar of payments shows. */
  const serial = () =>
    new Promise<string>((resolve, reject) => {
      const [host, port] = mesh.instances.find(({ id }) => id === 'fine')!.sidecar.split(':');
      const socket = connect({ host: host!, port: Number(port), rejectUnauthorized: false, minVersion: 'TLSv1.3' });
      // It wants a certificate of ours, too; by then its own is known.
      socket.on('error', reject);
      socket.once('secureConnect', () => {
        const { subjectaltname, serialNumber } = socket.getPeerCertificate();
        expect(subjectaltname).toContain('/dc/dc1/svc/payments');
        resolve(serialNumber);
        socket.destroy();
      });
    });

  it('ends ejections', async () => {
    fails = true;
    const call = async () => (await mesh.fetch('payments', '/', { from: 'web' })).status;
    const statuses = await Promise.all(Array.from({ length: 20 }, call));
    expect(statuses).toContain(500);
    await mesh.clock.advance('10s');
    expect(new Set(await Promise.all(Array.from({ length: 20 }, call)))).toEqual(new Set([200]));
    fails = false;
    await mesh.clock.advance('60s');
    using seen = mesh.tap({ to: 'payments' });
    for (let n = 0; n < 10; n++) await call();
    expect(new Set((await seen.take(10)).map(({ instance }) => instance))).toEqual(new Set(['flaky', 'fine']));
  });

  it('renews certificates, which are good for the calls that follow', async () => {
    const before = await serial();
    await mesh.clock.advance('72h');
    expect((await mesh.fetch('payments', '/', { from: 'web' })).status).toBe(200);
    expect(await serial()).not.toBe(before);
  });

  it('lets TTL checks expire', async () => {
    const put = (path: string, body?: object) =>
      fetch(`${mesh.address}${path}`, { method: 'PUT', ...(body ? { body: JSON.stringify(body) } : {}) });
    await put('/v1/agent/service/register', { Name: 'worker', Port: 1, Check: { CheckID: 'alive', TTL: '30s' } });
    await put('/v1/agent/check/pass/alive');
    const status = async () => {
      const checks = (await (await fetch(`${mesh.address}/v1/health/checks/worker`)).json()) as { Status: string }[];
      return checks[0]?.Status;
    };
    await mesh.waitFor(async () => (await status()) === 'passing');
    await mesh.clock.advance('31s');
    await mesh.waitFor(async () => (await status()) === 'critical');
  });
});

it('goes on as it was after services that were refused', async () => {
  await using mesh = await startMesh({ services: [service('web', say('web'))] });
  const port = { address: 'nowhere' };
  await expect(Promise.all([mesh.service('good', say('good')), mesh.service('bad', port)])).rejects.toThrow('which names no port');
  await expect(mesh.service('web', say('twice'), { id: 'web-1' })).rejects.toThrow('there is an instance web-1 already');
  expect(mesh.instances.map(({ id }) => id)).toEqual(['web-1', 'good-1']);
  expect((await mesh.fetch('web')).status).toBe(200);
  await mesh.intention('good', 'web', 'deny');
});

it('says that it is closed, and is closed twice', async () => {
  const mesh = await startMesh({ services: [service('web', say('web'))] });
  await Promise.all([mesh.close(), mesh.close()]);
  await expect(mesh.fetch('web')).rejects.toThrow('this mesh is closed');
  await expect(mesh.intention('a', 'b', 'deny')).rejects.toThrow('this mesh is closed');
});
