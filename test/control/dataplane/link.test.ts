import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Flow } from '../../../src/api/traffic.ts';
import { until } from '../../../src/base/watch.ts';
import type { ControlPlane, ProxyRef } from '../../../src/control/plane.ts';
import { LEAF_TTL_MS } from '../../../src/pki/leaf.ts';
import { FakeDataplane, ManualClock, openTestPlane, registration, type TestPlane, webAndPayments } from '../harness.ts';

const web: ProxyRef = { dc: 'dc1', node: 'web-vm', id: 'web-sidecar-proxy' };
const payments: ProxyRef = { dc: 'dc1', node: 'payments-vm', id: 'payments-sidecar-proxy' };
const WEB = 'dc1/web-vm/web-sidecar-proxy';
const PAYMENTS = 'dc1/payments-vm/payments-sidecar-proxy';
const never = new AbortController().signal;
/** Of Prometheus. */
const ACCEPTED = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

let test: TestPlane;
let plane: ControlPlane;
let socket: string;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  test = await openTestPlane({ clock });
  plane = test.plane;
  socket = join(test.dir, 'dp.sock');
  await plane.listenDataplane(socket);
});
afterEach(() => test[Symbol.asyncDispose]());

async function hostBoth(): Promise<FakeDataplane> {
  await plane.commit(webAndPayments);
  plane.host(web, { extraLoopback: true });
  plane.host(payments, { extraLoopback: false });
  return FakeDataplane.connect(socket);
}

const http = (name: string) =>
  ({ type: 'put-entry', dc: 'dc1', entry: { Kind: 'service-defaults', Name: name, Protocol: 'http', Expose: {} } as never }) as const;

describe('what a data plane is sent', () => {
  it('is everything on connect: proxies, forwards, a leaf for each identity, the roots', async () => {
    plane.setForwards([{ id: 'ingress.web', bind: { address: '127.0.0.1', port: 1 }, targets: [] }]);
    await using dataplane = await hostBoth();
    const update = await dataplane.update(1);
    expect(update).toMatchObject({ full: true, index: plane.snapshot.value.index, removedProxies: [], removedForwards: [] });
    expect(update.proxies.map((proxy) => proxy.id).sort()).toEqual([PAYMENTS, WEB]);
    expect(update.forwards.map((forward) => forward.id)).toEqual(['ingress.web']);
    expect(update.leaves.map((leaf) => leaf.identity).sort()).toEqual(
      ['payments', 'web'].map((name) => `spiffe://${plane.trustDomain}/ns/default/dc/dc1/svc/${name}`),
    );
    expect(update.roots).toEqual(plane.roots().map((root) => root.certPem));
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
  });

  it('offers upstreams on 127.0.0.1 too where the host asks for it', async () => {
    await using dataplane = await hostBoth();
    const update = await dataplane.update(1);
    const sidecar = update.proxies.find((proxy) => proxy.id === WEB)!;
    expect(sidecar.outbound[0]!.binds.map((bind) => bind.address)).toEqual(['127.5.0.111', '127.0.0.1']);
  });

  it('is only what changed afterwards, and nothing for changes that concern no sidecar', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    await plane.commit([registration({ node: 'other-vm', address: '127.5.0.9', name: 'other', port: 80 })]);
    const { index } = await plane.commit([http('payments')]);
    const update = await dataplane.update(2);
    expect(update).toMatchObject({ full: false, index, forwards: [], leaves: [], removedProxies: [] });
    expect(update).not.toHaveProperty('roots');
    expect(update.proxies.map((proxy) => [proxy.id, proxy.inbound?.protocol])).toEqual(
      expect.arrayContaining([
        [PAYMENTS, 'http'],
        [WEB, 'tcp'],
      ]),
    );
    expect(dataplane.commands).toHaveLength(2);
  });

  it('is right for who is hosted, or no longer, while the change is on its way to the disk', async () => {
    await plane.commit(webAndPayments);
    plane.host(web, { extraLoopback: false });
    await using dataplane = await FakeDataplane.connect(socket);
    await dataplane.update(1);
    const committed = plane.commit([http('payments')]);
    // Enough for it to be built for, and no visit to the disk.
    for (let i = 0; i < 10; i++) await Promise.resolve();
    plane.host(payments, { extraLoopback: false });
    plane.unhost(web);
    await committed;
    const updates = [await dataplane.update(2), await dataplane.update(3), await dataplane.update(4)];
    const protocols = updates.map(({ proxies }) => proxies.map((proxy) => [proxy.id, proxy.inbound?.protocol]));
    expect(protocols).toEqual([[[PAYMENTS, 'tcp']], [], [[PAYMENTS, 'http']]]);
    expect(updates[1]!.removedProxies).toEqual([WEB]);
  });

  it('is a removal for a proxy that is no longer hosted and a forward that is gone', async () => {
    plane.setForwards([{ id: 'ingress.web', bind: { address: '127.0.0.1', port: 1 }, targets: [] }]);
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    plane.unhost(web);
    plane.setForwards([]);
    expect(await dataplane.update(2)).toMatchObject({ full: false, removedProxies: [WEB], proxies: [] });
    expect(await dataplane.update(3)).toMatchObject({ removedForwards: ['ingress.web'] });
  });

  it('is a proxy as soon as it is registered, when it was hosted before', async () => {
    plane.host(web, { extraLoopback: false });
    await using dataplane = await FakeDataplane.connect(socket);
    expect((await dataplane.update(1)).proxies).toEqual([]);
    expect(plane.dataplane.value.proxies[WEB]).toEqual({ configIndex: 0, ackedIndex: 0, error: `there is no sidecar or gateway "${WEB}"` });
    await plane.commit(webAndPayments);
    expect((await dataplane.update(2)).proxies.map((proxy) => proxy.id)).toEqual([WEB]);
  });

  it('keeps the last good configuration when the registration goes away', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    await plane.commit([{ type: 'deregister', dc: 'dc1', node: 'web-vm', serviceId: 'web-sidecar-proxy' }]);
    expect(plane.dataplane.value.proxies[WEB]?.error).toContain('there is no sidecar or gateway');
    plane.setForwards([{ id: 'f', bind: { address: '127.0.0.1', port: 1 }, targets: [] }]);
    expect(await dataplane.update(2)).toMatchObject({ removedProxies: [] });
  });

  it('is new leaves when they are due, alone', async () => {
    await using dataplane = await hostBoth();
    const first = await dataplane.update(1);
    await clock.advanceTo(clock.now() + 0.95 * LEAF_TTL_MS);
    const second = await dataplane.update(2);
    expect(second).toMatchObject({ full: false, proxies: [] });
    const notAfter = Math.max(...first.leaves.map((leaf) => leaf.notAfter));
    for (const leaf of second.leaves) expect(leaf.notAfter).toBeGreaterThan(notAfter);
  });
});

describe('what is known of a data plane', () => {
  it('is who it is, and which index it serves', async () => {
    await using dataplane = await hostBoth();
    const { index } = await dataplane.update(1);
    expect(plane.dataplane.value).toMatchObject({ connected: true, ackedIndex: 0 });
    dataplane.ack(index);
    const served = await until(plane.dataplane, (status) => status.ackedIndex === index);
    expect(served).toMatchObject({ pid: 4711, version: '9.9.9', proxies: { [WEB]: { configIndex: index, ackedIndex: index } } });
  });

  it('moves on with changes that concern no sidecar', async () => {
    await using dataplane = await hostBoth();
    dataplane.ack((await dataplane.update(1)).index);
    const { index } = await plane.commit([http('other')]);
    await plane.synced(never);
    expect(plane.dataplane.value.proxies[WEB]!.ackedIndex).toBe(index);
  });

  it('has what could not be bound', async () => {
    plane.setForwards([{ id: 'ingress.web', bind: { address: '127.0.0.1', port: 1 }, targets: [] }]);
    await using dataplane = await hostBoth();
    dataplane.ack((await dataplane.update(1)).index, { [WEB]: 'port 20090 is taken', 'ingress.web': 'port 1 is forbidden' });
    await plane.synced(never);
    expect(plane.dataplane.value.proxies[WEB]!.error).toBe('port 20090 is taken');
    expect(plane.dataplane.value.proxies[PAYMENTS]).not.toHaveProperty('error');
    expect(plane.dataplane.value.forwardErrors).toEqual({ 'ingress.web': 'port 1 is forbidden' });
    expect(plane.dataplane.value).not.toHaveProperty('error');
  });

  it('has why an update could not be applied at all', async () => {
    await using dataplane = await hostBoth();
    dataplane.ack((await dataplane.update(1)).index, { dataplane: 'a bug' });
    await plane.synced(never);
    expect(plane.dataplane.value).toMatchObject({ error: 'a bug', forwardErrors: {} });
  });
});

describe('synced', () => {
  it('waits until the newest change is acknowledged', async () => {
    await using dataplane = await hostBoth();
    const first = await dataplane.update(1);
    await plane.commit([http('payments')]);
    const second = await dataplane.update(2);
    let done = false;
    const synced = plane.synced(never).then(() => {
      done = true;
    });
    dataplane.ack(first.index);
    await until(plane.dataplane, (status) => status.proxies[WEB]?.ackedIndex === first.index);
    expect(done).toBe(false);
    dataplane.ack(second.index);
    await synced;
  });

  it('waits for a data plane when there is something to serve, and not when there is nothing', async () => {
    await plane.synced(never);
    await plane.commit(webAndPayments);
    plane.host(web, { extraLoopback: false });
    const timeout = new AbortController();
    const synced = plane.synced(timeout.signal);
    timeout.abort(new Error('waited long enough'));
    await expect(synced).rejects.toThrow('waited long enough');
  });

  it('starts over with a new connection, which ends the old one', async () => {
    await using old = await hostBoth();
    old.ack((await old.update(1)).index);
    await plane.synced(never);
    await using next = await FakeDataplane.connect(socket);
    const update = await next.update(1);
    expect(update.full).toBe(true);
    expect(update.proxies).toHaveLength(2);
    await old.ended();
    expect(plane.dataplane.value).toMatchObject({ connected: true });
    next.ack(update.index);
    await plane.synced(never);
  });

  it('cuts a peer that acknowledges what it was never sent', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    dataplane.ack(4242);
    await dataplane.ended();
    await until(plane.dataplane, (status) => !status.connected);
  });
});

describe('a proxy that leaves', () => {
  it('is told so, keeps what it had though its registration is gone, and is waited for until it is drained', async () => {
    await using dataplane = await hostBoth();
    dataplane.ack((await dataplane.update(1)).index);
    await plane.commit([{ type: 'deregister', dc: 'dc1', node: 'web-vm', serviceId: 'web-sidecar-proxy' }]);
    let left = false;
    const leaving = plane.leave(web, never).then(() => {
      left = true;
    });
    const update = await dataplane.update(2);
    expect(update.proxies).toEqual([expect.objectContaining({ id: WEB, leaving: true })]);
    dataplane.ack(update.index);
    await plane.synced(never);
    expect(left).toBe(false);
    expect(plane.dataplane.value.proxies[WEB]).not.toHaveProperty('error');
    dataplane.send({ type: 'drained', proxy: PAYMENTS });
    dataplane.send({ type: 'drained', proxy: WEB });
    await leaving;
  });

  it('is not waited for when nobody serves it, when it serves nothing, or when its data plane goes', async () => {
    await plane.commit(webAndPayments);
    plane.host(web, { extraLoopback: false });
    await plane.leave(web, never);
    await plane.leave({ dc: 'dc1', node: 'nowhere', id: 'nobody' }, never);
    const dataplane = await hostBoth();
    dataplane.ack((await dataplane.update(1)).index);
    const leaving = plane.leave(web, never);
    await dataplane.update(2);
    await dataplane[Symbol.asyncDispose]();
    await leaving;
  });

  it('is waited for as long as the signal allows', async () => {
    await using dataplane = await hostBoth();
    dataplane.ack((await dataplane.update(1)).index);
    await expect(plane.leave(web, AbortSignal.timeout(1))).rejects.toThrow('timeout');
  });

  it('may be hosted again, and leave again', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    const leave = () => plane.leave(web, never);
    const first = leave();
    expect((await dataplane.update(2)).proxies).toEqual([expect.objectContaining({ leaving: true })]);
    dataplane.send({ type: 'drained', proxy: WEB });
    await first;
    plane.host(web, { extraLoopback: false });
    expect((await dataplane.update(3)).proxies).toEqual([expect.not.objectContaining({ leaving: true })]);
    let left = false;
    const second = leave().then(() => {
      left = true;
    });
    await dataplane.update(4);
    expect(left).toBe(false);
    dataplane.send({ type: 'drained', proxy: WEB });
    await second;
  });
});

describe('forwards that have lost targets', () => {
  it('are waited for until the data plane says that they are settled, or it goes', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    let settled = false;
    const settling = plane.settleForwards(never).then(() => {
      settled = true;
    });
    const command = await dataplane.command(2);
    expect([command.type, settled]).toEqual(['settle', false]);
    if (command.type === 'settle') dataplane.send({ type: 'settled', id: command.id });
    await settling;
    const lost = plane.settleForwards(never);
    await dataplane.command(3);
    await dataplane[Symbol.asyncDispose]();
    await expect(lost).rejects.toThrow('the data plane hung up');
    await plane.settleForwards(never);
  });
});

describe('probe', () => {
  it('asks the data plane and gives its answer', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    const probe = plane.probe(WEB, never);
    const command = await dataplane.command(2);
    expect(command).toMatchObject({ type: 'probe', proxy: WEB });
    if (command.type === 'probe') dataplane.send({ type: 'probe-result', id: command.id, upstreams: { payments: { state: 'ok' } } });
    expect(await probe).toEqual({ payments: { state: 'ok' } });
  });

  it('fails without a data plane, when it hangs up, and when told to stop', async () => {
    await expect(plane.probe(WEB, never)).rejects.toThrow('not connected');
    const dataplane = await hostBoth();
    await dataplane.update(1);
    await expect(plane.probe(WEB, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    const probe = plane.probe(WEB, never);
    await dataplane.command(2);
    await dataplane[Symbol.asyncDispose]();
    await expect(probe).rejects.toThrow('hung up');
  });
});

it('says that a socket path is too long', async () => {
  await expect(plane.listenDataplane(join(test.dir, 'x'.repeat(120)))).rejects.toThrow('longer than 103 bytes');
});

describe('traffic', () => {
  const counted = (proxy: string): Flow => ({
    side: 'inbound',
    proxy,
    source: 'web',
    sourceDatacenter: 'dc1',
    destination: 'payments',
    destinationDatacenter: 'dc1',
    since: 1,
    answers: { '2xx': 1 },
    latency: [1, 0],
    latencySumMs: 1,
    denied: 0,
    retries: 0,
    connections: { total: 0, active: 0, failed: 0 },
    bytesUp: 0,
    bytesDown: 0,
  });

  it('comes in pieces, and not while the data plane that has counted is away', async () => {
    const { host, port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
    const ask = () => fetch(`http://${host}:${port}/v1/mesh/traffic`);
    expect(await (await ask()).json()).toMatchObject({ boundsMs: [], flows: [] });
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    const answer = ask();
    const command = await dataplane.command(2);
    if (command.type !== 'traffic') throw new Error(`it is a ${command.type}`);
    for (const [proxy, more] of [['a', true] as const, ['b', false] as const])
      dataplane.send({ type: 'traffic', id: command.id, boundsMs: [1], flows: [counted(proxy)], more });
    expect(await (await answer).json()).toMatchObject({ boundsMs: [1], flows: [{ proxy: 'a' }, { proxy: 'b' }] });
    await dataplane[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect((await ask()).status).toBe(503));
  });
});

describe('metrics', () => {
  it('come in pieces', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    const metrics = plane.metrics('openmetrics', WEB, never);
    const command = await dataplane.command(2);
    expect(command).toMatchObject({ type: 'metrics', format: 'openmetrics', proxy: WEB });
    if (command.type !== 'metrics') return;
    dataplane.send({ type: 'metrics', id: command.id, text: '# TYPE a counter\n', more: true });
    dataplane.send({ type: 'metrics', id: command.id, text: 'a_total 1\n', more: false });
    expect(await metrics).toBe('# TYPE a counter\na_total 1\n');
  });

  it('are an endpoint of the agent, in the format that is accepted', async () => {
    const { host, port } = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
    const scrape = () => fetch(`http://${host}:${port}/v1/agent/metrics/proxies?proxy=web`, { headers: { accept: ACCEPTED } });
    expect((await scrape()).status).toBe(503);
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    const answer = scrape();
    const command = await dataplane.command(2);
    expect(command).toMatchObject({ type: 'metrics', format: 'openmetrics', proxy: 'web' });
    if (command.type === 'metrics') dataplane.send({ type: 'metrics', id: command.id, text: '# EOF\n', more: false });
    expect((await answer).headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(await (await answer).text()).toBe('# EOF\n');
  });
});

describe('a tap', () => {
  it('tells of requests until it is told to stop, and then tells the data plane', async () => {
    await using dataplane = await hostBoth();
    await dataplane.update(1);
    const stop = new AbortController();
    const told: unknown[] = [];
    const tap = plane.tap({ status: '5xx' }, (requests, dropped) => told.push([requests, dropped]) === 1 && stop.abort(), stop.signal);
    const command = await dataplane.command(2);
    expect(command).toMatchObject({ type: 'tap', filter: { status: '5xx' } });
    if (command.type !== 'tap') return;
    dataplane.send({ type: 'tapped', id: command.id, requests: [], dropped: 3 });
    await tap;
    expect(told).toEqual([[[], 3]]);
    expect(await dataplane.command(3)).toEqual({ type: 'untap', id: command.id });
  });

  it('fails without a data plane, and when it hangs up', async () => {
    await expect(plane.tap({}, () => undefined, never)).rejects.toThrow('not connected');
    const dataplane = await hostBoth();
    await dataplane.update(1);
    const tap = plane.tap({}, () => undefined, never);
    await dataplane.command(2);
    await dataplane[Symbol.asyncDispose]();
    await expect(tap).rejects.toThrow('hung up');
  });
});
