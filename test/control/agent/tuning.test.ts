import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_TUNING } from '../../../src/control/agent/tuning.ts';
import { openTestApi, type TestApi } from '../http/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    tuning: {
      ...DEFAULT_TUNING,
      sessionTtlMinMs: 1000,
      sidecarPorts: { min: 31_000, max: 31_000 },
      ports: { server: 18_300, serfLan: 18_301, serfWan: 18_302 },
    },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (path: string, body: object) => api.call(`/v1/${path}`, { method: 'PUT', body });
const json = async (path: string) => (await api.call(`/v1/${path}`)).json;

it('sessions live as short as they may', async () => {
  expect((await put('session/create', { TTL: '1s' })).status).toBe(200);
  const { status, text } = await put('session/create', { TTL: '999ms' });
  expect([status, text]).toEqual([500, "Invalid Session TTL '999000000', must be between [1s=24h0m0s]"]);
});

it('sidecars get their ports from the range that is configured', async () => {
  const sidecar = (name: string) => put('agent/service/register', { Name: name, Port: 80, Connect: { SidecarService: {} } });
  expect((await sidecar('a')).status).toBe(200);
  expect(await json('agent/service/a-sidecar-proxy')).toMatchObject({ Port: 31_000 });
  const { status, text } = await sidecar('b');
  expect([status, text]).toEqual([500, 'no port provided for sidecar_service and none left in the configured range [31000, 31000]']);
});

describe('ports of a server', () => {
  it.each<[path: string, answer: unknown]>([
    ['status/leader', '127.0.0.1:18300'],
    ['status/peers', ['127.0.0.1:18300']],
    [
      'agent/members',
      [expect.objectContaining({ Port: 18_301, Tags: expect.objectContaining({ port: '18300', wan_join_port: '18302' }) as unknown })],
    ],
    ['agent/members?wan=1', [expect.objectContaining({ Port: 18_302 })]],
    ['catalog/service/consul', [expect.objectContaining({ ServicePort: 18_300 })]],
    ['operator/raft/configuration', { Index: 0, Servers: [expect.objectContaining({ Address: '127.0.0.1:18300' })] }],
    ['operator/autopilot/health', expect.objectContaining({ Servers: [expect.objectContaining({ Address: '127.0.0.1:18300' })] })],
    [
      'agent/self',
      expect.objectContaining({
        DebugConfig: expect.objectContaining({
          ServerPort: 18_300,
          SerfPortLAN: 18_301,
          SerfPortWAN: 18_302,
          SerfAdvertiseAddrLAN: 'tcp://127.0.0.1:18301',
          SerfAdvertiseAddrWAN: 'tcp://127.0.0.1:18302',
          RPCAdvertiseAddr: 'tcp://127.0.0.1:18300',
          ConnectSidecarMinPort: 31_000,
          SessionTTLMin: '1s',
        }) as unknown,
      }),
    ],
  ])('%s', async (path, answer) => {
    expect(await json(path)).toEqual(answer);
  });
});

it('all but ports may change while it runs', async () => {
  const checks = { ...DEFAULT_TUNING.checks, outputMaxSize: 7, discardOutput: true };
  api.plane.tune({ ...DEFAULT_TUNING, checks });
  const { DebugConfig } = (await json('agent/self')) as { DebugConfig: object };
  expect(DebugConfig).toMatchObject({
    CheckOutputMaxSize: 7,
    DiscardCheckOutput: true,
    SessionTTLMin: '10s',
    ServerPort: 18_300,
    ConnectSidecarMinPort: 31_000,
  });
});
