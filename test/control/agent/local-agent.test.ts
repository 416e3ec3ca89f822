import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOW_ALL, type Authorizer, PermissionDenied } from '../../../src/acl/authorizer.ts';
import { silentLog } from '../../../src/base/ports.ts';
import * as queries from '../../../src/catalog/queries.ts';
import type { CheckStatus } from '../../../src/catalog/types.ts';
import { LocalAgent, type LocalAgentOptions, type ScriptPolicy } from '../../../src/control/agent/local-agent.ts';
import { checkOf, serviceOf } from '../../../src/control/registration/definitions.ts';
import { openTestPlane, random, realClock, type TestPlane } from '../harness.ts';

const at = { dc: 'dc1', node: 'local' };
const caller = { acl: ALLOW_ALL, source: 'remote' } as const;
const definition = serviceOf;

let test: TestPlane;
const hosted: string[] = [];
const open = (scripts: ScriptPolicy = 'off'): LocalAgent => {
  const { plane } = test;
  const { snapshot } = plane;
  const commit: LocalAgentOptions['commit'] = (ops) => plane.commit(ops);
  const sidecars = {
    host: ({ id }: { id: string }) => void hosted.push(`+${id}`),
    unhost: ({ id }: { id: string }) => void hosted.push(`-${id}`),
  };
  const options: LocalAgentOptions = { snapshot, commit, clock: realClock, random, log: silentLog, compat: 'newer', scripts, sidecars };
  return new LocalAgent(options);
};

beforeAll(async () => {
  test = await openTestPlane();
});
afterAll(() => test[Symbol.asyncDispose]());

describe('sidecars', () => {
  it('are run by the data plane as long as they are registered', async () => {
    const agent = open();
    hosted.length = 0;
    await agent.register(at, definition({ Name: 'web', Port: 80, Connect: { SidecarService: {} } }), caller);
    expect(agent.service(at, 'web-sidecar-proxy')).toMatchObject({ Port: 21_000, Origin: 'sidecar', Proxy: { LocalServicePort: 80 } });
    const again = open();
    again.restore();
    await agent.deregister(at, 'web', caller);
    expect(hosted).toEqual(['+web-sidecar-proxy', '+web-sidecar-proxy', '-web-sidecar-proxy', '-web']);
    expect(agent.services(at)).toEqual([]);
    for (const one of [agent, again]) one.close();
  });

  it('get the lowest port that is left, keep it, and find none when the range is full', async () => {
    const agent = open();
    const sidecar = (name: string) => definition({ Name: name, Port: 80, Connect: { SidecarService: {} } });
    for (const name of ['a', 'b', 'c']) await agent.register(at, sidecar(name), caller);
    await agent.deregister(at, 'b', caller);
    await agent.register(at, sidecar('c'), caller);
    await agent.register(at, sidecar('d'), caller);
    const port = (id: string) => agent.service(at, `${id}-sidecar-proxy`)?.Port;
    expect([port('a'), port('c'), port('d')]).toEqual([21_000, 21_002, 21_001]);
    const others = Array.from({ length: 256 }, (_, i) => ({ ...agent.service(at, 'a')!, ID: `x${i}`, Service: 'x', Port: 21_000 + i }));
    const node = queries.node(test.plane.snapshot.value, 'dc1', 'local')!;
    await test.plane.commit([{ type: 'register', dc: 'dc1', node, services: others }]);
    await expect(agent.register(at, sidecar('e'), caller)).rejects.toThrow(
      'no port provided for sidecar_service and none left in the configured range [21000, 21255]',
    );
    await test.plane.commit(others.map(({ ID }) => ({ type: 'deregister', dc: 'dc1', node: 'local', serviceId: ID }) as const));
    for (const name of ['a', 'c', 'd']) await agent.deregister(at, name, caller);
    agent.close();
  });
});

describe('commands as checks', () => {
  const scripted = definition({ Name: 's', Check: { Args: ['true'], Interval: '10s' } });
  const local = { acl: ALLOW_ALL, source: 'local' } as const;

  it.each([
    ['off', 'remote', /Scripts are disabled on this agent from remote calls/],
    ['off', 'local', /Scripts are disabled on this agent; to enable/],
    ['local', 'remote', /Scripts are disabled on this agent from remote calls/],
    ['local', 'local', undefined],
    ['all', 'remote', undefined],
  ] as const)('%s: %s', async (scripts, source, refused) => {
    const agent = open(scripts);
    const registering = agent.register(at, scripted, source === 'local' ? local : caller);
    if (refused) {
      await expect(registering).rejects.toThrow(refused);
      expect(agent.services(at)).toEqual([]);
    } else {
      await registering;
      expect(agent.checksOf(at).map(({ Type }) => Type)).toEqual(['script']);
      await agent.deregister(at, 's', local);
    }
    agent.close();
  });
});

describe('rights', () => {
  const only = (name: string): Authorizer => ({
    ...ALLOW_ALL,
    unrestricted: false,
    require: (_resource, _access, wanted) => {
      if (wanted !== name) throw new PermissionDenied();
    },
  });

  it('are needed for the service, for its sidecar, and for the one whose id it takes', async () => {
    const agent = open();
    const as = (name: string) => ({ acl: only(name), source: 'remote' }) as const;
    await expect(agent.register(at, definition({ Name: 'web' }), as('other'))).rejects.toThrow('Permission denied');
    await expect(agent.register(at, definition({ Name: 'web', Port: 1, Connect: { SidecarService: {} } }), as('web'))).rejects.toThrow(
      'Permission denied',
    );
    await agent.register(at, definition({ Name: 'web' }), as('web'));
    await expect(agent.register(at, definition({ ID: 'web', Name: 'mine' }), as('mine'))).rejects.toThrow('Permission denied');
    await expect(agent.deregister(at, 'web', as('mine'))).rejects.toThrow('Permission denied');
    await expect(agent.setMaintenance(at, undefined, true, '', as('web'))).rejects.toThrow('Permission denied');
    await agent.deregister(at, 'web', as('web'));
    agent.close();
  });
});

describe('a restart', () => {
  it('keeps what was registered, and goes on with its checks', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mesh-agent-'));
    try {
      const status = (from: TestPlane): CheckStatus | undefined =>
        queries.check(from.plane.snapshot.value, 'dc1', 'local', 'service:kept')?.Status;
      const first = await openTestPlane({ dir, durable: true });
      const agent = new LocalAgent({ ...first.plane, clock: realClock, random, log: silentLog, compat: 'newer', scripts: 'off' });
      await agent.register(at, definition({ Name: 'kept', Port: 80, Token: 'secret-token', Check: { TTL: '10m' } }), caller);
      await agent.report(at, 'service:kept', 'passing', 'fine', caller);
      agent.close();
      await first[Symbol.asyncDispose]();
      const second = await openTestPlane({ dir, durable: true });
      const again = new LocalAgent({ ...second.plane, clock: realClock, random, log: silentLog, compat: 'newer', scripts: 'off' });
      again.restore();
      expect(again.services(at).map(({ ID, Origin }) => [ID, Origin])).toEqual([['kept', 'agent']]);
      expect([status(second), again.checks.count]).toEqual(['passing', { ttls: 1, monitors: 0 }]);
      expect(JSON.stringify(again.services(at))).not.toContain('secret-token');
      again.close();
      await second[Symbol.asyncDispose]();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('definitions of files', () => {
  it('are all taken, or none', async () => {
    const agent = open();
    const ids = () => [...agent.services(at).map(({ ID }) => ID), ...agent.checksOf(at).map(({ CheckID }) => CheckID)];
    const old = [definition({ Name: 'old' }), definition({ Name: 'kept' })];
    await agent.load(at, old, []);
    const good = definition({ Name: 'good' });
    for (const [services, checks, why] of [
      [[good, definition({ Name: 'bad', Address: '0.0.0.0' })], [], 'Invalid service address'],
      [[good, definition({ Name: 'bad', Check: { Args: ['true'], Interval: '1s' } })], [], 'Scripts are disabled on this agent; to enable'],
      [[good], [checkOf({ Name: 'c', TTL: '1m', Status: 'fine' })], 'Bad check status'],
      // It goes with this very load.
      [[good], [checkOf({ Name: 'c', TTL: '1m', ServiceID: 'old' })], 'ServiceID "old" does not exist'],
    ] as const) {
      await expect(agent.load(at, services, checks)).rejects.toThrow(why);
      expect(ids()).toEqual(['kept', 'old']);
    }
    await agent.load(at, [good], [checkOf({ Name: 'c', TTL: '1m', ServiceID: 'good' })]);
    expect(ids()).toEqual(['good', 'c']);
    await agent.load(at, [], []);
    expect([ids(), agent.isWithoutFiles(at)]).toEqual([[], true]);
    agent.close();
  });

  it('go with their files, and leave what others registered', async () => {
    const agent = open();
    const check = checkOf({ Name: 'disk', TTL: '10m' });
    await agent.register(at, definition({ Name: 'by-api' }), caller);
    await agent.load(at, [definition({ Name: 'a', Port: 1, Connect: { SidecarService: {} } }), definition({ Name: 'b' })], [check]);
    const ids = () => agent.services(at).map(({ ID }) => ID);
    const checks = () => agent.checksOf(at).map(({ CheckID }) => CheckID);
    expect(ids()).toEqual(['a', 'a-sidecar-proxy', 'b', 'by-api']);
    expect(checks()).toEqual(['disk', 'service:a-sidecar-proxy:1', 'service:a-sidecar-proxy:2']);
    await agent.load(at, [definition({ Name: 'b', Check: { TTL: '10m' } })], []);
    expect([ids(), checks()]).toEqual([['b', 'by-api'], ['service:b']]);
    await agent.load(at, [], []);
    await agent.deregister(at, 'by-api', caller);
    expect(ids()).toEqual([]);
    agent.close();
  });
});
