import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { eventually, RawClient, send } from '../fixture/sockets.ts';
import { callAt, EntryWorld, type Instance } from '../l7/entry-world.ts';

let world: EntryWorld;
afterEach(() => world.close());

const start = async (app: Instance['app'], proxy: Instance['proxy'] = {}) => {
  world = await EntryWorld.start({ instances: { one: { of: 'payments', app, proxy } }, upstreams: ['payments'] });
};
const defaults = (fields: object) => world.write('service-defaults', 'payments', { Protocol: 'http', ...fields });
const hello = (_req: IncomingMessage, res: ServerResponse) => res.end('hello');
const silent = (req: IncomingMessage) => void req.resume();
const reason = async (path = '/') => (await world.call('payments', path)).headers['x-mesh-reason'];

describe('connections from the mesh', () => {
  it('are as many as MaxInboundConnections allows', async () => {
    await start(silent);
    await defaults({ MaxInboundConnections: 1 });
    const first = await RawClient.connect(world.at('payments'));
    first.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => world.inbound('one').requests === 1, 'the first request');
    expect((await world.call('payments')).status).toBe(503);
    expect(world.inbound('one').refusedConnections).toBeGreaterThan(0);
    expect(world.log.lines.map(({ fields }) => fields['reason'])).toContain('MaxInboundConnections 1 is reached');
    await world.remove('service-defaults', 'payments');
    const second = await RawClient.connect(world.at('payments'));
    second.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => world.inbound('one').requests === 2, 'a request beside it');
    first.close();
    second.close();
  });
});

describe('the application has its time', () => {
  it('of LocalRequestTimeoutMs, and for others as the registration says', async () => {
    await start(silent);
    await defaults({ LocalRequestTimeoutMs: 40 });
    expect(await reason()).toBe('payments did not answer within 40 ms');
    await world.close();
    await start(silent, { Config: { local_request_timeout_ms: '50' } });
    await defaults({ LocalRequestTimeoutMs: 40 });
    expect(await reason()).toBe('payments did not answer within 50 ms');
  });

  it('of local_idle_timeout_ms without a byte', async () => {
    await start((req, res) => (req.url === '/slow' ? undefined : res.end('done')), { Config: { local_idle_timeout_ms: 40 } });
    expect(await reason('/slow')).toBe('payments did not answer in time');
    // On a busy machine it may have been too short for one that does answer.
    await vi.waitFor(async () => expect((await world.call('payments')).body).toBe('done'), { timeout: 5_000, interval: 5 });
  });
});

describe('heads of requests', () => {
  it('are as large as max_request_headers_kb allows', async () => {
    await start(hello);
    await defaults({ MaxRequestHeadersKB: 1 });
    const headers = { 'X-Large': 'x'.repeat(2_000) };
    expect((await world.call('payments', '/', { headers })).status).toBe(431);
    expect((await world.call('payments')).status).toBe(200);
    await defaults({ MaxRequestHeadersKB: 4 });
    // The connection between the sidecars closes with the next answer.
    expect((await world.call('payments')).status).toBe(200);
    expect((await world.call('payments', '/', { headers })).status).toBe(200);
  });
});

describe('exposed paths', () => {
  const Paths = [{ Path: '/health', ListenerPort: 21500, LocalPathPort: 0, Protocol: 'http' }];
  const seen = (req: IncomingMessage, res: ServerResponse) =>
    res.end(`${req.url} ${String(req.headers['x-forwarded-client-cert'] ?? 'nobody')}`);
  const exposed = () => world.listener('one', 'exposed/21500/health');

  it('are served in plaintext, whatever intentions say, and nothing beside them', async () => {
    await start(seen);
    await defaults({ Expose: { Paths } });
    await world.write('service-intentions', 'payments', { Sources: [{ Name: '*', Action: 'deny' }] });
    const forged = { headers: { 'X-Forwarded-Client-Cert': 'URI=spiffe://x' } };
    expect(await callAt(exposed(), '/health?full', forged)).toMatchObject({ status: 200, body: '/health?full nobody' });
    for (const path of ['/', '/health/x', '/healthz', '/health/../admin']) {
      const { status, headers } = await callAt(exposed(), path);
      expect([status, headers['x-mesh-reason']]).toEqual([404, 'only /health is exposed here']);
    }
    expect((await world.call('payments', '/health')).status).toBe(403);
  });

  it('may be said by the registration, and lead to a port of their own', async () => {
    await start(hello, { Expose: { Paths: [{ Path: '/metrics', ListenerPort: 21501, LocalPathPort: 1, Protocol: 'http' }] } });
    await defaults({ Expose: { Paths } });
    const { status, headers } = await callAt(world.listener('one', 'exposed/21501/metrics'), '/metrics');
    expect([status, headers['x-mesh-reason']]).toEqual([503, "can't reach payments: 127.0.0.1:1 refused the connection"]);
    expect(exposed()).toBeUndefined();
  });

  it('are counted and logged as any listener', async () => {
    await start(seen);
    await defaults({ Expose: { Paths } });
    const folder = mkdtempSync(join(tmpdir(), 'mesh-exposed-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const Path = join(folder, 'access.log');
    const AccessLogs = { Enabled: true, Type: 'file', Path, TextFormat: '%REQ(:PATH)% %RESPONSE_CODE% %MESH_DESTINATION% %MESH_REASON%' };
    await world.write('proxy-defaults', 'global', { Config: { protocol: 'http' }, AccessLogs });
    await callAt(exposed(), '/health');
    await callAt(exposed(), '/x');
    expect(world.metrics('one', 'envoy_http_downstream_rq_xx')).toContainEqual({
      labels: expect.objectContaining({ envoy_http_conn_manager_prefix: 'exposed_path_filter_health_0', envoy_response_code_class: '4' }),
      value: 1,
    });
    await world.close();
    expect(readFileSync(Path, 'utf8')).toBe('/health 200 payments -\n/x 404 payments only /health is exposed here\n');
  });

  it('give their port back when they are no longer there', async () => {
    await start(hello);
    await defaults({ Expose: { Paths } });
    const at = exposed();
    expect(await send(at, 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain('hello');
    await defaults({});
    expect(exposed()).toBeUndefined();
    await expect(callAt(at, '/health')).rejects.toThrow('ECONNREFUSED');
  });
});
