import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyContext } from '../../../src/app/agent/context.ts';
import { Forwards } from '../../../src/app/agent/forwards.ts';
import { Workloads } from '../../../src/app/agent/workloads.ts';
import { realClock } from '../../../src/app/real.ts';
import { silentLog } from '../../../src/base/ports.ts';
import type { AddressRequest, ApplyContext } from '../../../src/blueprints/context.ts';
import { Journal } from '../../../src/blueprints/journal.ts';
import { ProcessDriver } from '../../../src/drivers/process/driver.ts';
import { PortClaims } from '../../../src/drivers/process/port-claims.ts';

let folder: string;
let driver: ProcessDriver;
let context: ApplyContext;
let journal: Journal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mesh-context-'));
  const paths = { runDir: join(folder, 'run'), logDir: join(folder, 'logs'), dataDir: join(folder, 'data') };
  for (const path of Object.values(paths)) await mkdir(path);
  const programs = { 'fake-service': ['false'], docs: ['false'], traces: ['false'], mesh: ['false'] };
  driver = new ProcessDriver({ ...paths, home: folder, programs, baseEnv: {}, addressMode: 'auto', abstractSockets: false });
  await driver.open();
  journal = new Journal({ records: [], append: () => Promise.resolve(), rewrite: () => Promise.resolve() });
  const sink = { setForwards: () => undefined, synced: () => Promise.resolve(), settle: () => Promise.resolve(), errorOf: () => undefined };
  const reach = (address: string, port: number) => driver.reach(address, port);
  const workloads = new Workloads({ driver, clock: realClock, log: silentLog });
  // The registry is only handed on.
  context = applyContext({
    driver,
    workloads,
    registry: {} as never,
    forwards: new Forwards(sink, reach, { port: 0, speakFor: () => undefined }),
    datacenters: {} as never,
    journal,
    ports: new PortClaims({ abstractSockets: false }),
    apiPort: () => undefined,
  });
});
afterEach(async () => {
  driver.close();
  await rm(folder, { recursive: true });
});

const request = (owner: string, wanted?: string): AddressRequest => ({
  owner,
  subnet: '10.77.0.0/29',
  ports: [],
  names: [],
  ...(wanted === undefined ? {} : { wanted }),
});

describe('addresses', () => {
  it('are those that are wanted, or the lowest free ones', async () => {
    expect(await context.allocate(request('container.fixed', '10.77.0.3'))).toBe('10.77.0.3');
    const first = await context.allocate(request('container.a'));
    const second = await context.allocate(request('container.b'));
    expect(new Set([first, second, '10.77.0.3']).size).toBe(3);
    await context.release([first]);
    expect(await context.allocate(request('container.c'))).toBe(first);
  });

  it('that are asked for at once are different ones', async () => {
    const asked = ['a', 'b', 'c'].map((name) => context.allocate(request(`container.${name}`)));
    expect(new Set(await Promise.all(asked)).size).toBe(3);
  });

  it('stay with who has them', async () => {
    const address = await context.allocate(request('container.a'));
    expect(await context.allocate(request('container.a'))).toBe(address);
    expect(await context.allocate(request('container.a', address))).toBe(address);
  });

  it('are refused to a second one, by name, and the first keeps its own', async () => {
    await context.allocate(request('container.a', '10.77.0.3'));
    await expect(context.allocate(request('container.b', '10.77.0.3'))).rejects.toMatchObject({
      code: 'invalid',
      message: 'container.b wants address 10.77.0.3, which container.a has',
      hint: 'choose another address in 10.77.0.0/29',
    });
    expect(driver.claimed.get('10.77.0.3')?.owner).toBe('container.a');
  });

  it('that something else of the run asks for are not given away before it has them', async () => {
    const note = async (type: string, spec: object) => {
      const resource = { key: `${type}.later`, type, name: 'later', spec, dependsOn: [] } as never;
      await journal.write({ type: 'resource', record: { resource, owners: ['/v1'], status: 'creating', since: 0 } });
    };
    await note('container', { network: { wanted: '10.77.0.2' } });
    await note('ingress', { inside: { wanted: '10.77.0.3' } });
    await note('k8s_config', { services: [{ clusterIp: '10.77.0.4' }, {}] });
    expect(await context.allocate(request('container.early'))).toBe('10.77.0.5');
    expect(await context.allocate(request('container.later', '10.77.0.2'))).toBe('10.77.0.2');
  });

  it('run out: says of which subnet', async () => {
    const taken: string[] = [];
    const fill = async () => {
      for (let i = 0; i < 9; i++) taken.push(await context.allocate(request(`container.${i}`)));
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/no address is left in 10\.77\.0\.0\/29$/),
    });
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(3);
  });
});

describe('host ports', () => {
  it('are free, or held by somebody who is named', async () => {
    const port = await context.freePort();
    expect(await context.portHolder(port)).toBeUndefined();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect(await context.portHolder(port)).toContain(process.platform === 'linux' ? `pid ${process.pid} ` : 'another process');
    await new Promise((resolve) => server.close(resolve));
    expect(await context.portHolder(port)).toBeUndefined();
  });
});

describe('the record of another resource', () => {
  it('is what the journal has', async () => {
    const resource = { key: 'network.dc1', type: 'network', name: 'dc1', spec: { subnet: '10.77.0.0/29' }, dependsOn: [] } as never;
    const record = { resource, owners: ['/v1'], status: 'created' as const, reservation: { address: '10.77.0.1' }, since: 0 };
    await journal.write({ type: 'resource', record });
    expect(context.record('network.dc1')).toEqual({ spec: { subnet: '10.77.0.0/29' }, reservation: { address: '10.77.0.1' } });
  });

  it('that is not there is a bug of the asking type', () => {
    expect(() => context.record('network.dc2')).toThrow('network.dc2 is not in the state');
  });
});
