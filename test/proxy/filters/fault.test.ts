import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawClient } from '../fixture/sockets.ts';
import { EntryWorld } from '../l7/entry-world.ts';

let world: EntryWorld;
let served = 0;
beforeEach(async () => {
  served = 0;
  const app = (_: unknown, res: { end(text: string): void }) => {
    served++;
    res.end('ok');
  };
  world = await EntryWorld.start({ instances: { one: { of: 'payments', app } }, upstreams: ['payments'] });
});
afterEach(() => world.close());

const inject = (Config: object) =>
  world.write('service-defaults', 'payments', {
    Protocol: 'http',
    EnvoyExtensions: [{ Name: 'builtin/fault-injection', Arguments: { Config } }],
  });

describe('builtin/fault-injection', () => {
  it('answers instead of the application', async () => {
    await inject({ Abort: { HttpStatus: 418, Percentage: 100 } });
    const { status, body, headers } = await world.call('payments');
    expect([status, body]).toEqual([418, 'fault filter abort']);
    expect(headers['x-mesh-reason']).toBe('fault injected by builtin/fault-injection of service-defaults payments');
    expect(served).toBe(0);
  });

  it('gives clients of HTTP what a status of gRPC stands for, and those of gRPC the status', async () => {
    await inject({ Abort: { GrpcStatus: 14, Percentage: 100 } });
    const grpc = await world.call('payments', '/', { method: 'POST', headers: { 'Content-Type': 'application/grpc' } });
    expect([grpc.status, grpc.headers['grpc-status']]).toEqual([200, '14']);
    expect((await world.call('payments')).status).toBe(503);
  });

  it('hits the part of the requests that it should', async () => {
    await inject({ Abort: { HttpStatus: 500, Percentage: 30 } });
    let failed = 0;
    for (let i = 0; i < 100; i++) if ((await world.call('payments')).status === 500) failed++;
    // Seeded; a standard deviation is 4.6.
    expect(failed).toBeGreaterThan(16);
    expect(failed).toBeLessThan(44);
  });

  it('hits only requests with the headers, of which :path is one', async () => {
    await inject({
      Abort: { HttpStatus: 500, Percentage: 100 },
      Headers: [
        { Name: 'X-Chaos', Exact: 'yes' },
        { Name: ':path', Prefix: '/api' },
      ],
    });
    const chaos = { headers: { 'X-Chaos': 'yes' } };
    expect((await world.call('payments', '/api/x', chaos)).status).toBe(500);
    expect((await world.call('payments', '/', chaos)).status).toBe(200);
    expect((await world.call('payments', '/api/x')).status).toBe(200);
  });

  it('holds a request, with its body, before the application sees it', async () => {
    await inject({ Delay: { Duration: 60, Percentage: 100 } });
    const begun = performance.now();
    expect((await world.call('payments', '/', { method: 'POST' }, 'x'.repeat(100_000))).body).toBe('ok');
    // Timers may be a little early, and never much.
    expect(performance.now() - begun).toBeGreaterThan(50);
  });

  it('delays first and aborts then, and is gone with its entry', async () => {
    await inject({ Delay: { Duration: 20, Percentage: 100 }, Abort: { HttpStatus: 503, Percentage: 100 } });
    expect((await world.call('payments')).status).toBe(503);
    await world.remove('service-defaults', 'payments');
    expect((await world.call('payments')).status).toBe(200);
  });

  it('forgets a client that leaves meanwhile', async () => {
    await inject({ Delay: { Duration: 50, Percentage: 100 } });
    const client = await RawClient.connect(world.at('payments'));
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    while (world.inbound('one').requests === 0) await new Promise((resolve) => setImmediate(resolve));
    client.close();
    while (world.inbound('one').brokenResponses === 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await world.call('payments')).status).toBe(200);
    expect(served).toBe(1);
  });
});
