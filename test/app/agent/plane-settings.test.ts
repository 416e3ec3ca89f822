import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { httpSettings } from '../../../src/app/agent/listen.ts';
import { ownTokens, planeSettings } from '../../../src/app/agent/plane-settings.ts';
import { silentLog } from '../../../src/base/ports.ts';
import { openControlPlane } from '../../../src/control/plane.ts';
import { read } from '../../agent-config/read.ts';
import { random, realClock } from '../../control/harness.ts';

it('a configuration reaches what it is about', () => {
  const { settings } = read(`
session_ttl_min = "2s"
check_output_max_size = 100
discard_check_output = true
check_update_interval = "0s"
ports { server = 1 serf_lan = 2 serf_wan = 3 sidecar_min_port = 4 sidecar_max_port = 5 }
limits {
  https_handshake_timeout = "7s"
  http_max_conns_per_client = 9
  request_limits { mode = "enforcing" read_rate = 10 write_rate = 0.5 }
}
http_config { use_cache = false }
log_file = "a.log"
log_rotate_bytes = 11
log_rotate_duration = "12s"
log_rotate_max_files = 13`);
  expect(planeSettings(settings).tuning).toEqual({
    sessionTtlMinMs: 2000,
    sidecarPorts: { min: 4, max: 5 },
    ports: { server: 1, serfLan: 2, serfWan: 3 },
    checks: { outputMaxSize: 100, discardOutput: true, updateIntervalMs: 0 },
    requestLimits: { mode: 'enforcing', readRate: 10, writeRate: 0.5 },
  });
  expect(httpSettings(settings)).toMatchObject({ useCache: false, handshakeTimeoutMs: 7000, limits: { connectionsPerClient: 9 } });
  expect(settings.log).toEqual({ json: false, file: 'a.log', rotateBytes: 11, rotateAfterMs: 12_000, rotateMaxFiles: 13 });
});

it('connections without number are 0 in a configuration', () => {
  expect(httpSettings(read('limits { http_max_conns_per_client = 0 }').settings).limits).toEqual({});
});

it('a policy of intentions stands where no intention does, and tokens change at a reload', async () => {
  const before = read(
    'default_intention_policy = "deny" acl { enabled = true default_policy = "deny" tokens { agent = "a" initial_management = "m" } }',
  );
  const dir = await mkdtemp(join(tmpdir(), 'mesh-plane-'));
  try {
    const clock = realClock;
    const settings = planeSettings({ ...before.settings, acl: { ...before.settings.acl, defaultPolicy: 'allow' } });
    await using plane = await openControlPlane({
      dir,
      durable: false,
      datacenter: 'dc1',
      nodeName: 'n',
      clock,
      random,
      log: silentLog,
      ...settings,
    });
    const { host, port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
    const get = (path: string, token: string) =>
      fetch(`http://${host}:${port}/v1/${path}`, { headers: { 'X-Consul-Token': token } }).then((response) => response.text());
    expect(await get('connect/intentions/check?source=a&destination=b', 'm')).toBe('{"Allowed":false}');

    const recovery = (token: string) => ownTokens(read(`acl { enabled = true tokens { agent_recovery = "${token}" } }`).settings);
    const self = async (token: string): Promise<boolean> => (await get('agent/self', token)).startsWith('{');
    plane.configureTokens(recovery('first'));
    expect([await self('first'), await self('second')]).toEqual([true, false]);
    plane.configureTokens(recovery('second'));
    expect([await self('first'), await self('second')]).toEqual([false, true]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
