import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Flow } from '../../../src/api/traffic.ts';
import { until } from '../../../src/base/watch.ts';
import type { DataplaneTraffic } from '../../../src/compile/proxy-config.ts';
import { workerOf, workerSocket } from '../../../src/control/dataplane/workers.ts';
import type { ControlPlane } from '../../../src/control/plane.ts';
import { FakeDataplane, openTestPlane, type TestPlane, webAndPayments } from '../harness.ts';

const WORKERS = 4;
const WEB = 'dc1/web-vm/web-sidecar-proxy';
const PAYMENTS = 'dc1/payments-vm/payments-sidecar-proxy';
const FORWARD = 'ingress.web';
const never = new AbortController().signal;

let test: TestPlane;
let plane: ControlPlane;
let fakes: FakeDataplane[];
const fakeOf = (id: string) => fakes[workerOf(id, WORKERS)]!;

beforeEach(async () => {
  test = await openTestPlane({ dataplaneWorkers: WORKERS });
  plane = test.plane;
  const socket = join(test.dir, 'dp.sock');
  await plane.listenDataplane(socket);
  plane.setForwards([{ id: FORWARD, bind: { address: '127.0.0.1', port: 1 }, targets: [] }]);
  await plane.commit(webAndPayments);
  plane.host({ dc: 'dc1', node: 'web-vm', id: 'web-sidecar-proxy' }, { extraLoopback: true });
  plane.host({ dc: 'dc1', node: 'payments-vm', id: 'payments-sidecar-proxy' }, { extraLoopback: false });
  fakes = [];
  for (let worker = 0; worker < WORKERS; worker++) fakes.push(await FakeDataplane.connect(workerSocket(socket, worker), 100 + worker));
});
afterEach(async () => {
  for (const fake of fakes) await fake[Symbol.asyncDispose]();
  await test[Symbol.asyncDispose]();
});

/** That of web comes last: what others acknowledge has it try again what it could not bind. */
async function ackAll(errors: Record<string, string> = {}): Promise<void> {
  const web = fakeOf(WEB);
  for (const fake of fakes) if (fake !== web) fake.ack((await fake.update(1)).index);
  await until(plane.dataplane, ({ proxies }) => (proxies[PAYMENTS]?.ackedIndex ?? 0) > 0, never);
  web.ack((await web.update(1)).index, errors);
}

describe('a data plane of several processes', () => {
  it('has each proxy and forward in one of them, with the leaves of those alone, and the roots in all', async () => {
    // Else the test shows nothing.
    expect(workerOf(WEB, WORKERS)).not.toBe(workerOf(PAYMENTS, WORKERS));
    const updates = await Promise.all(fakes.map((fake) => fake.update(1)));
    expect(updates.flatMap(({ proxies }) => proxies.map(({ id }) => id)).sort()).toEqual([PAYMENTS, WEB]);
    const web = await fakeOf(WEB).update(1);
    expect(web.proxies.map(({ id }) => id)).toEqual([WEB]);
    expect(web.leaves.map(({ identity }) => identity)).toEqual([`spiffe://${plane.trustDomain}/ns/default/dc/dc1/svc/web`]);
    expect((await fakeOf(FORWARD).update(1)).forwards.map(({ id }) => id)).toEqual([FORWARD]);
    expect(updates.flatMap(({ forwards }) => forwards)).toHaveLength(1);
    for (const { roots, full } of updates) expect({ roots: roots?.length, full }).toEqual({ roots: 1, full: true });
  });

  it('serves what is desired when all have said so, and is connected while all are', async () => {
    const synced = plane.synced(never);
    await ackAll({ [WEB]: 'taken' });
    await synced;
    const { connected, pids, proxies } = plane.dataplane.value;
    expect({ connected, pids }).toEqual({ connected: true, pids: [100, 101, 102, 103] });
    expect(proxies[WEB]).toMatchObject({ error: 'taken', ackedIndex: plane.snapshot.value.index });
    expect(proxies[PAYMENTS]).not.toHaveProperty('error');
    await fakeOf(WEB)[Symbol.asyncDispose]();
    await until(plane.dataplane, (status) => !status.connected, never);
    await expect(plane.probe(WEB, never)).rejects.toThrow('not connected');
  });

  it('has counted what all of them have', async () => {
    await ackAll();
    await plane.synced(never);
    const { host, port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
    const answer = fetch(`http://${host}:${port}/v1/mesh/traffic`);
    for (const [worker, fake] of fakes.entries()) {
      let n = 2;
      while ((await fake.command(n)).type !== 'traffic') n++;
      const { id } = (await fake.command(n)) as DataplaneTraffic;
      const flow = { proxy: `of ${worker}`, source: 'web', destination: 'payments' } as Flow;
      fake.send({ type: 'traffic', id, boundsMs: [1, 5], flows: [flow], more: false });
    }
    const proxies = ['of 0', 'of 1', 'of 2', 'of 3'].map((proxy) => ({ proxy }));
    expect(await (await answer).json()).toMatchObject({ boundsMs: [1, 5], flows: proxies });
  });

  it('asks whoever has the proxy to prove its upstreams, and all of them for their numbers', async () => {
    await ackAll();
    await plane.synced(never);
    const probed = plane.probe(WEB, never);
    const probe = await fakeOf(WEB).command(2);
    expect(probe).toMatchObject({ type: 'probe', proxy: WEB });
    fakeOf(WEB).send({ type: 'probe-result', id: (probe as { id: number }).id, upstreams: { payments: { state: 'ok' } } });
    expect(await probed).toEqual({ payments: { state: 'ok' } });

    const metrics = plane.metrics('prometheus', undefined, never);
    for (const [worker, fake] of fakes.entries()) {
      const { id } = (await fake.command(fake === fakeOf(WEB) ? 3 : 2)) as { id: number };
      fake.send({ type: 'metrics', id, more: false, text: `# HELP a A.\n# TYPE a counter\na{w="${worker}"} 1\n` });
    }
    expect(await metrics).toBe('# HELP a A.\n# TYPE a counter\na{w="0"} 1\na{w="1"} 1\na{w="2"} 1\na{w="3"} 1\n');
  });

  it('proves upstreams while another of them is yet to come', async () => {
    const other = fakes.find((fake) => fake !== fakeOf(WEB))!;
    await fakeOf(WEB).update(1);
    await other[Symbol.asyncDispose]();
    await until(plane.dataplane, ({ connected }) => !connected, never);
    const probe = plane.probe(WEB, never);
    const command = await fakeOf(WEB).command(2);
    if (command.type === 'probe') fakeOf(WEB).send({ type: 'probe-result', id: command.id, upstreams: { payments: { state: 'ok' } } });
    expect(await probe).toEqual({ payments: { state: 'ok' } });
  });

  it('tries an address again that another of them has given back', async () => {
    await ackAll({ [WEB]: 'address already in use' });
    await plane.synced(never);
    plane.unhost({ dc: 'dc1', node: 'payments-vm', id: 'payments-sidecar-proxy' });
    const removal = await fakeOf(PAYMENTS).update(2);
    expect(removal.removedProxies).toEqual([PAYMENTS]);
    fakeOf(PAYMENTS).ack(removal.index);
    const again = await fakeOf(WEB).update(2);
    expect(again).toMatchObject({ full: false, proxies: [], removedProxies: [], leaves: [] });
    fakeOf(WEB).ack(again.index);
    await until(plane.dataplane, ({ proxies }) => proxies[WEB]?.error === undefined, never);
  });
});

describe('the process of a proxy', () => {
  it('is the only one there is, or one of many as often as another', () => {
    expect(workerOf(WEB, 1)).toBe(0);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 1000; i++) counts[workerOf(`dc1/node-${i % 10}/svc-${i}-sidecar-proxy`, 4)]!++;
    for (const count of counts) expect(count).toBeGreaterThan(200);
  });

  it('is dialled by a socket of its own', () => {
    expect(workerSocket('/run/dataplane.sock', 0)).toBe('/run/dataplane.sock');
    expect(workerSocket('/run/dataplane.sock', 2)).toBe('/run/dataplane-2.sock');
  });
});
