import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogTap, logLineText } from '../../../../src/control/agent/log-tap.ts';
import { realClock } from '../../harness.ts';
import { openTestApi, type TestApi } from '../api.ts';

/** What newer Consuls say; 1.8 is replayed from transcripts. */

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (path: string, body: object | string = '') => api.call(`/v1/agent/${path}`, { method: 'PUT', body });

describe('who it is', () => {
  it('says what it is compatible with, and itself', async () => {
    const self = (await api.call('/v1/agent/self')).json as Record<string, Record<string, unknown>>;
    expect(Object.keys(self)).toEqual(['Config', 'DebugConfig', 'Coord', 'Member', 'Stats', 'Meta']);
    expect(self['Config']).toMatchObject({ Datacenter: 'dc1', PrimaryDatacenter: 'dc1', NodeName: 'local', Server: true });
    expect(self['DebugConfig']).toMatchObject({ HTTPPort: Number(api.address.split(':')[1]), EnableRemoteScriptChecks: false });
    expect(self['Stats']!['consul']).toMatchObject({ leader: 'true', acl: 'disabled' });
    expect((await api.call('/v1/agent/members')).json).toEqual([self['Member']]);
    const members = async (filter: string) => (await api.call(`/v1/agent/members?filter=${encodeURIComponent(filter)}`)).json;
    expect([await members('Tags["dc"] == dc1 and Status == 1'), await members('Tags["dc"] == dc2')]).toEqual([[self['Member']], []]);
    expect((await api.call('/v1/agent/version')).json).toMatchObject({ HumanVersion: self['Config']!['Version'], FIPS: '' });
  });

  it('knows its machine', async () => {
    const host = (await api.call('/v1/agent/host')).json as Record<string, Record<string, number>>;
    expect(Object.keys(host)).toEqual(['Memory', 'CPU', 'Host', 'Disk', 'CollectionTime', 'Errors']);
    expect(host['Memory']!['total']).toBeGreaterThan(0);
    expect(host['Disk']!['total']).toBeGreaterThan(0);
  });

  it('counts what it holds, for Consul’s clients and for Prometheus', async () => {
    const { Gauges } = (await api.call('/v1/agent/metrics')).json as { Gauges: { Name: string; Value: number; Labels: object }[] };
    expect(Gauges).toContainEqual({ Name: 'consul.state.nodes', Value: 1, Labels: { datacenter: 'dc1' } });
    expect(Gauges.find(({ Name }) => Name === 'consul.runtime.sys_bytes')!.Value).toBeGreaterThan(0);
    const text = (await api.call('/v1/agent/metrics?format=prometheus')).text;
    expect(text).toContain('# TYPE consul_state_nodes gauge\nconsul_state_nodes{datacenter="dc1"} 1\n');
  });

  it('joins itself, and says why it joins nobody else', async () => {
    expect((await put('join/127.0.0.1')).status).toBe(200);
    const other = await put('join/10.0.0.1:8301');
    expect([other.status, other.text]).toEqual([
      500,
      '1 error occurred:\n\t* Failed to join 10.0.0.1:8301: this agent is a cluster of its own and has no gossip\n\n',
    ]);
    expect((await put('force-leave/nope')).text).toBe("agent: No node found with name 'nope'");
    expect((await put('reload')).status).toBe(200);
  });
});

describe('what is not there', () => {
  it.each([
    ['service/deregister/nope', '', 'Unknown service ID "nope". Ensure that the service ID is passed, not the service name.'],
    ['service/maintenance/nope?enable=true', '', 'Unknown service ID "nope". Ensure that the service ID is passed, not the service name.'],
    ['check/deregister/nope', '', 'Unknown check ID "nope". Ensure that the check ID is passed, not the check name.'],
    ['check/pass/nope', '', 'Unknown check ID "nope". Ensure that the check ID is passed, not the check name.'],
    ['check/update/nope', { Status: 'passing' }, 'Unknown check ID "nope". Ensure that the check ID is passed, not the check name.'],
  ])('%s', async (path, body, text) => {
    const reply = await put(path, body);
    expect([reply.status, reply.text]).toEqual([404, text]);
  });

  it('is named in the health of a service', async () => {
    expect([(await api.call('/v1/agent/health/service/id/')).status, (await api.call('/v1/agent/health/service/id/')).text]).toEqual([
      400,
      'Missing serviceID',
    ]);
  });
});

describe('a service', () => {
  it('may be waited for by its hash', async () => {
    await put('service/register', { Name: 'web', Port: 80, Check: { Name: 'up', TTL: '10m', Status: 'passing' } });
    const first = await api.call('/v1/agent/service/web');
    const hash = first.headers['x-consul-contenthash']!;
    expect([first.headers['x-consul-index'], (first.json as { ContentHash: string }).ContentHash]).toEqual([undefined, hash]);
    const waiting = api.call(`/v1/agent/service/web?hash=${hash}&wait=60s`);
    await put('service/register', { Name: 'web', Port: 81 });
    const next = await waiting;
    expect([(next.json as { Port: number }).Port, next.headers['x-consul-contenthash'] === hash]).toEqual([81, false]);
    const same = await api.call(`/v1/agent/service/web?hash=${next.headers['x-consul-contenthash']}&wait=1ms`);
    expect(same.json).toEqual(next.json);
  });

  it('has checks with all that newer Consuls say', async () => {
    await put('service/register', { Name: 'http', Check: { HTTP: 'http://127.0.0.1:1/', Interval: '30s', Timeout: '5s' } });
    expect((await api.call('/v1/agent/checks?filter=Type==http')).json).toEqual({
      'service:http': {
        Node: 'local',
        CheckID: 'service:http',
        Name: "Service 'http' check",
        Status: 'critical',
        Notes: '',
        Output: '',
        ServiceID: 'http',
        ServiceName: 'http',
        ServiceTags: [],
        Type: 'http',
        Interval: '30s',
        Timeout: '5s',
        ExposedPort: 0,
        Definition: {},
        CreateIndex: 0,
        ModifyIndex: 0,
      },
    });
    expect((await api.call('/v1/agent/health/service/name/http')).status).toBe(503);
  });

  it('cuts an output that is too long', async () => {
    await put('check/update/service:web', { Status: 'warning', Output: 'x'.repeat(5000) });
    const { 'service:web': check } = (await api.call('/v1/agent/checks')).json as Record<string, { Output: string }>;
    expect(check!.Output).toBe(`${'x'.repeat(4096)} ... (captured 4096 of 5000 bytes)`);
    expect((await api.call('/v1/agent/health/service/id/web?format=text')).text).toBe('warning');
    expect((await api.call('/v1/agent/health/service/id/web')).status).toBe(429);
  });

  it.each([
    [
      { Name: 'x', Check: { HTTP: 'http://x' } },
      'Invalid check: Interval must be > 0 for Script, HTTP, H2PING, TCP, UDP or OSService checks',
    ],
    [{ Name: 'x', Check: { AliasService: 'y', TTL: '10s' } }, 'Invalid check: TTL must be not be set for Alias checks'],
    [
      { Name: 'x', Check: { TTL: '10s', FailuresBeforeWarning: 3, FailuresBeforeCritical: 2 } },
      "Invalid check: FailuresBeforeWarning can't be higher than FailuresBeforeCritical",
    ],
    [{ Name: 'x', Connect: { Native: true } }, '1 error occurred:\n\t* Port or SocketPath must be set for a Connect native service.\n\n'],
  ])('%j', async (body, text) => {
    const reply = await put('service/register', body);
    expect([reply.status, reply.text]).toEqual([400, text]);
  });

  it('may be called __proto__', async () => {
    await put('service/register', { Name: '__proto__' });
    expect(Object.keys((await api.call('/v1/agent/services')).json as object)).toContain('__proto__');
    expect((await api.call('/v1/agent/service/__proto__')).json).toMatchObject({ ID: '__proto__' });
    expect((await put('service/deregister/__proto__')).status).toBe(200);
  });

  it('finds a port for a sidecar that is registered by itself', async () => {
    await put('service/register', { Kind: 'connect-proxy', Name: 'p', Proxy: { DestinationServiceName: 'web' } });
    expect((await api.call('/v1/agent/service/p')).json).toMatchObject({ Kind: 'connect-proxy', Port: 21000 });
  });
});

describe('the log', () => {
  it('is sent line by line to who listens', async () => {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`http://${api.address}/v1/agent/monitor?loglevel=trace&logjson`, resolve).on('error', reject);
    });
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    const first = new Promise<string>((resolve) => response.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    api.plane.logs.log('info', 'hello', { port: 1 });
    expect(JSON.parse(await first)).toMatchObject({ '@level': 'info', '@message': 'hello', '@module': 'agent', port: 1 });
    response.destroy();
  });

  it('has levels', async () => {
    const reply = await api.call('/v1/agent/monitor?loglevel=bogus');
    expect([reply.status, reply.text]).toEqual([400, 'Unknown log level: bogus']);
    const heard: string[] = [];
    const tap = new LogTap({ log: () => undefined }, { ...realClock, now: () => 0 });
    const stop = tap.listen('warn', (line) => heard.push(logLineText(line, false)));
    for (const level of ['debug', 'warn', 'error'] as const) tap.log(level, 'it happened', { why: 'two words', n: 1 });
    stop();
    tap.log('error', 'too late');
    expect(heard).toEqual([
      '1970-01-01T00:00:00.000Z [WARN]  agent: it happened: why="two words" n=1',
      '1970-01-01T00:00:00.000Z [ERROR] agent: it happened: why="two words" n=1',
    ]);
  });
});
