import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Registry } from '../../../src/app/agent/registry.ts';
import type { Clock } from '../../../src/base/ports.ts';
import type { Registration } from '../../../src/blueprints/context.ts';
import * as queries from '../../../src/catalog/queries.ts';
import type { ProbeOutcome } from '../../../src/compile/proxy-config.ts';
import { WriteRefused } from '../../../src/control/registry.ts';
import type { EntryBase } from '../../../src/entries/kind.ts';
import { FakeBackend } from './fake-backend.ts';
import { FakeHosted } from './hosted.ts';
import { gateway, pod, reach, vm } from './registrations.ts';

const slept: number[] = [];
const clock: Clock = {
  now: () => 0,
  sleep: (ms, signal) => {
    slept.push(ms);
    return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
  },
};

const PROXY = 'dc1/payments/payments-1-sidecar-proxy';
const listening = 'service:payments-1-sidecar-proxy:1';
const aliasing = 'service:payments-1-sidecar-proxy:2';

let backend: FakeBackend;
let registry: Registry;
let idle: Set<string>;
beforeEach(() => {
  backend = new FakeBackend();
  idle = new Set();
  registry = new Registry({ backend, reach, clock, isIdle: (service) => idle.has(service) });
  slept.length = 0;
});

describe('a registered service', () => {
  it('stands there at once, critical, with its sidecar hosted', async () => {
    await registry.register(vm, [new FakeHosted('payments')]);
    expect(backend.names()).toEqual(['payments', 'payments-sidecar-proxy']);
    expect(backend.checks('payments')).toEqual({ health: 'critical', port: 'critical', [listening]: 'critical', [aliasing]: 'critical' });
    expect([...backend.hosted]).toEqual([PROXY]);
  });

  it('passes when its workload is ready, and its sidecar when it serves', async () => {
    const app = new FakeHosted('payments');
    await registry.register(vm, [app]);
    app.phase('ready');
    await backend.settled();
    expect(backend.checks('payments')).toEqual({ health: 'passing', port: 'passing', [listening]: 'critical', [aliasing]: 'passing' });
    backend.proxyStates.set(new Map([[PROXY, '']]));
    await backend.settled();
    expect(backend.checks('payments')[listening]).toBe('passing');
    backend.proxyStates.set(new Map([[PROXY, 'EADDRINUSE']]));
    app.phase('backoff');
    await backend.settled();
    expect(backend.checks('payments')).toEqual({ health: 'critical', port: 'critical', [listening]: 'critical', [aliasing]: 'critical' });
  });

  it('passes only when all of its workloads are ready', async () => {
    const [app, helper] = [new FakeHosted('payments'), new FakeHosted('helper')];
    await registry.register(vm, [app, helper]);
    app.phase('ready');
    await backend.settled();
    expect(backend.checks('payments')['health']).toBe('critical');
    helper.phase('ready');
    await backend.settled();
    expect(backend.checks('payments')['health']).toBe('passing');
  });

  it('ends at the last state, however quickly it changes back', async () => {
    const app = new FakeHosted('payments', 'ready');
    await registry.register(vm, [app]);
    app.phase('backoff');
    app.phase('ready');
    await backend.settled();
    expect(backend.checks('payments')['health']).toBe('passing');
    app.phase('backoff');
    app.phase('ready');
    app.phase('backoff');
    await backend.settled();
    expect(backend.checks('payments')['health']).toBe('critical');
  });

  it('sees what became ready while it was being registered', async () => {
    const app = new FakeHosted('payments');
    const registering = registry.register(vm, [app]);
    app.phase('ready');
    await registering;
    await backend.settled();
    expect(backend.checks('payments')['health']).toBe('passing');
  });

  it('registered again follows its new workload only', async () => {
    const [old, present] = [new FakeHosted('payments', 'ready'), new FakeHosted('payments', 'ready')];
    await registry.register(vm, [old]);
    await registry.register(vm, [present]);
    old.phase('stopped');
    await backend.settled();
    expect(backend.checks('payments')['health']).toBe('passing');
  });

  it('is gone after deregistering, with its sidecar, its node and its interest in anything', async () => {
    const app = new FakeHosted('payments', 'ready');
    await registry.register(vm, [app]);
    await registry.deregister('payments', 'payments-1');
    expect({ services: backend.names(), nodes: backend.nodes(), hosted: [...backend.hosted] }).toEqual({
      services: [],
      nodes: [],
      hosted: [],
    });
    const { snapshot } = backend;
    app.phase('backoff');
    backend.proxyStates.set(new Map([[PROXY, '']]));
    await backend.settled();
    expect(backend.snapshot).toBe(snapshot);
  });

  it('is out of the catalog before its sidecar leaves, and not gone before that is drained', async () => {
    await registry.register(vm, [new FakeHosted('payments', 'ready')]);
    let drained = (): void => undefined;
    backend.drained = new Promise((resolve) => {
      drained = resolve;
    });
    const gone = registry.deregister('payments', 'payments-1');
    await vi.waitFor(() => expect(backend.left).toEqual([`${PROXY} `]));
    expect([...backend.hosted]).toEqual([PROXY]);
    drained();
    await gone;
    expect([...backend.hosted]).toEqual([]);
  });

  it('leaves its node to the others on it', async () => {
    const second = { ...pod, service: { ...pod.service, id: 'web-1-web', checks: [] } };
    await registry.register(pod, [new FakeHosted('web-0')]);
    await registry.register(second, [new FakeHosted('web-1')]);
    await registry.deregister('k3s-virtual', 'web-0-web');
    expect(backend.nodes()).toEqual(['k3s-virtual']);
    expect(Object.keys(backend.checks('k3s-virtual'))).toEqual(expect.arrayContaining(['service:web-1-web']));
    await registry.deregister('k3s-virtual', 'web-1-web');
    expect(backend.nodes()).toEqual([]);
  });
});

describe('a registered gateway', () => {
  const GATEWAY = 'dc1/exit/exit';

  it('is its own proxy: it passes while the data plane serves it', async () => {
    await registry.register(gateway, []);
    expect([...backend.hosted]).toEqual([GATEWAY]);
    expect(backend.checks('exit')).toEqual({ 'service:exit': 'critical' });
    backend.proxyStates.set(new Map([[GATEWAY, '']]));
    await backend.settled();
    expect(backend.checks('exit')).toEqual({ 'service:exit': 'passing' });
    backend.proxyStates.set(new Map([[GATEWAY, 'EADDRINUSE']]));
    await backend.settled();
    expect(backend.checks('exit')).toEqual({ 'service:exit': 'critical' });
    await registry.deregister('exit', 'exit');
    expect([backend.left, [...backend.hosted]]).toEqual([[`${GATEWAY} `], []]);
  });

  it('goes on passing when the agent has begun anew, until the data plane says otherwise', async () => {
    backend.proxyStates.set(new Map([[GATEWAY, '']]));
    await registry.register(gateway, []);
    backend.proxyStates.set(new Map());
    await registry.register(gateway, []);
    await backend.settled();
    expect(backend.checks('exit')).toEqual({ 'service:exit': 'passing' });
  });

  it('is ready when the data plane serves it, and says why it can not', async () => {
    await registry.register(gateway, []);
    backend.proxyStates.set(new Map([[GATEWAY, 'EADDRINUSE']]));
    await expect(registry.sidecarReady('exit', 'exit', AbortSignal.timeout(1000))).rejects.toThrow(/EADDRINUSE/);
  });
});

describe('a protocol that a manifest asks for', () => {
  it('is written unless an entry is there, and taken back unless it was changed since', async () => {
    await registry.setProtocolDefault('web', 'http');
    await registry.setProtocolDefault('web', 'grpc');
    expect(backend.entry('dc1', 'service-defaults', 'web')).toMatchObject({ Protocol: 'http' });
    await registry.clearProtocolDefault('web', 'grpc');
    expect(backend.entry('dc1', 'service-defaults', 'web')).toMatchObject({ Protocol: 'http' });
    await registry.clearProtocolDefault('web', 'http');
    expect(backend.entry('dc1', 'service-defaults', 'web')).toBeUndefined();
  });
});

describe('entries of a resource', () => {
  const entry = (protocol: string) => ({ Kind: 'proxy-defaults', Name: 'global', Config: { protocol } });

  it('give way to those that are there, if they are only defaults', async () => {
    await registry.putEntries([entry('grpc')], undefined, { onlyNew: true });
    expect(backend.entry('dc1', 'proxy-defaults', 'global')).toMatchObject(entry('grpc'));
    await registry.putEntries([entry('http')]);
    await registry.putEntries([entry('tcp')], undefined, { onlyNew: true });
    expect(backend.entry('dc1', 'proxy-defaults', 'global')).toMatchObject(entry('http'));
  });

  it('are taken back unless somebody has written them since', async () => {
    await registry.putEntries([entry('grpc')]);
    await registry.removeEntries([entry('http')]);
    expect(backend.entry('dc1', 'proxy-defaults', 'global')).toBeDefined();
    await registry.removeEntries([entry('grpc')]);
    expect(backend.entry('dc1', 'proxy-defaults', 'global')).toBeUndefined();
  });
});

describe('entries that somebody builds on', () => {
  const resolver = { Kind: 'service-resolver', Name: 'payments' };
  const defaults = { Kind: 'service-defaults', Name: 'payments', Protocol: 'http' };

  it('stay when the protocol of a workload goes', async () => {
    await registry.setProtocolDefault('web', 'http');
    backend.commit = () => Promise.reject(new WriteRefused('a gateway needs the protocol http'));
    await registry.clearProtocolDefault('web', 'http');
    expect(backend.entry('dc1', 'service-defaults', 'web')).toBeDefined();
    backend.commit = () => Promise.reject(new Error('the disk is full'));
    await expect(registry.clearProtocolDefault('web', 'http')).rejects.toThrow('the disk is full');
  });

  it('stay when their resource goes; the others go', async () => {
    await registry.putEntries([defaults, resolver]);
    const commit = backend.commit.bind(backend);
    backend.commit = (ops) =>
      ops.some((op) => op.type === 'delete-entry' && op.kind === 'service-defaults')
        ? Promise.reject(new WriteRefused('a router needs the protocol http'))
        : commit(ops);
    await registry.removeEntries([defaults, resolver]);
    expect(backend.entry('dc1', 'service-defaults', 'payments')).toBeDefined();
    expect(backend.entry('dc1', 'service-resolver', 'payments')).toBeUndefined();
    backend.commit = () => Promise.reject(new Error('the disk is full'));
    await expect(registry.removeEntries([defaults])).rejects.toThrow('the disk is full');
  });
});

describe('entries that a blueprint writes', () => {
  const entry = (Kind: string, Name: string, fields: object = {}): EntryBase => ({ Kind, Name, ...fields });
  const web = entry('service-defaults', 'web', { Protocol: 'http' });
  const api = entry('service-defaults', 'api', { Protocol: 'grpc' });
  const stored = (dc: string) => queries.entries(backend.snapshot, dc).value.map(({ Kind, Name }) => `${Kind}/${Name}`);

  it('are written in an order in which each finds what it builds on, and taken back the other way round', async () => {
    const log: string[] = [];
    const commit = backend.commit.bind(backend);
    backend.commit = (ops) => {
      for (const op of ops)
        log.push(op.type === 'put-entry' ? `put ${op.entry.Kind}` : op.type === 'delete-entry' ? `drop ${op.kind}` : op.type);
      return commit(ops);
    };
    const all = ['service-router', 'service-splitter', 'mesh', 'service-resolver', 'service-defaults', 'proxy-defaults'].map((kind) =>
      entry(kind, 'web'),
    );
    await registry.putEntries(all);
    await registry.removeEntries(all);
    const order = ['mesh', 'proxy-defaults', 'service-defaults', 'service-resolver', 'service-splitter', 'service-router'];
    expect(log).toEqual([...order.map((kind) => `put ${kind}`), ...order.toReversed().map((kind) => `drop ${kind}`)]);
    expect(stored('dc1')).toEqual([]);
  });

  it('go to the datacenter that is named', async () => {
    await registry.putEntries([web], 'azure');
    expect([stored('azure'), stored('dc1')]).toEqual([['service-defaults/web'], []]);
    await registry.removeEntries([web], 'azure');
    expect(stored('azure')).toEqual([]);
  });

  it('stand in the way of others that are only for a beginning: all or none', async () => {
    await registry.putEntries([web]);
    await registry.putEntries([entry('service-defaults', 'web', { Protocol: 'tcp' }), api], undefined, { onlyNew: true });
    expect(stored('dc1')).toEqual(['service-defaults/web']);
    expect(backend.entry('dc1', 'service-defaults', 'web')).toMatchObject({ Protocol: 'http' });
    await registry.putEntries([api], undefined, { onlyNew: true });
    expect(stored('dc1').toSorted()).toEqual(['service-defaults/api', 'service-defaults/web']);
  });

  it('stay where somebody has changed them since', async () => {
    await registry.putEntries([web, api]);
    await registry.putEntries([entry('service-defaults', 'web', { Protocol: 'tcp' })]);
    await registry.removeEntries([web, api]);
    expect(stored('dc1')).toEqual(['service-defaults/web']);
    await registry.putEntries([]);
    await registry.removeEntries([api]);
    expect(stored('dc1')).toEqual(['service-defaults/web']);
  });
});

describe('a service of another datacenter', () => {
  const remote = { ...vm, datacenter: 'azure' };
  const proxy = PROXY.replace('dc1', 'azure');

  it('is registered, hosted and watched there', async () => {
    const app = new FakeHosted('payments');
    await registry.register(remote, [app]);
    app.phase('ready');
    backend.proxyStates.set(new Map([[proxy, '']]));
    await registry.sidecarReady('payments', 'payments-1', new AbortController().signal, 'azure');
    await backend.settled();
    expect([[...backend.hosted], backend.names()]).toEqual([[proxy], []]);
    expect(queries.nodeChecks(backend.snapshot, 'azure', 'payments').value.map(({ Status }) => Status)).toEqual(Array(5).fill('passing'));
    expect(queries.node(backend.snapshot, 'azure', 'payments')).toMatchObject({ Datacenter: 'azure' });
    await registry.deregister('payments', 'payments-1', 'azure');
    expect([[...backend.hosted], queries.nodes(backend.snapshot, 'azure').value]).toEqual([[], []]);
  });

  it('has nothing to do with one of the same name here', async () => {
    await registry.register(vm, [new FakeHosted('payments')]);
    await registry.register(remote, [new FakeHosted('payments')]);
    await registry.deregister('payments', 'payments-1', 'azure');
    expect([backend.names(), [...backend.hosted]]).toEqual([['payments', 'payments-sidecar-proxy'], [PROXY]]);
  });
});

describe('waiting for a sidecar', () => {
  const { signal } = new AbortController();

  it('ends when it serves', async () => {
    const ready = registry.sidecarReady('payments', 'payments-1', signal);
    backend.proxyStates.set(new Map([[PROXY, '']]));
    await ready;
  });

  it('fails with why it can not listen', async () => {
    backend.proxyStates.set(new Map([[PROXY, 'EADDRINUSE 127.5.0.110:21000']]));
    await expect(registry.sidecarReady('payments', 'payments-1', signal)).rejects.toMatchObject({
      code: 'environment',
      message: 'the sidecar of payments-1 could not listen: EADDRINUSE 127.5.0.110:21000',
    });
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const ready = registry.sidecarReady('payments', 'payments-1', stop.signal);
    stop.abort(new Error('enough'));
    await expect(ready).rejects.toThrow('enough');
  });
});

describe('waiting for an upstream', () => {
  const failed: ProbeOutcome = { state: 'failed', reason: 'connection refused' };
  const ok: ProbeOutcome = { state: 'ok' };
  const { signal } = new AbortController();
  beforeEach(() => backend.proxyStates.set(new Map([[PROXY, '']])));

  it('asks again, less and less often, until it was reached', async () => {
    backend.outcomes = [{}, { currency: failed }, { 'other.dc2': ok, currency: failed }, { 'currency.dc2': ok }];
    await registry.upstreamReady('payments', 'payments-1', 'currency', signal);
    expect(slept).toHaveLength(3);
    expect(slept).toEqual(slept.toSorted((a, b) => a - b));
  });

  it('is over when nobody is meant to serve it', async () => {
    idle.add('currency');
    await registry.upstreamReady('payments', 'payments-1', 'currency', signal);
  });

  it('takes no other service for it that begins the same', async () => {
    backend.outcomes = [{ 'currency-v2': ok }, { currency: ok }];
    await registry.upstreamReady('payments', 'payments-1', 'currency', signal);
    expect(slept).toHaveLength(1);
  });

  it('ends with the signal', async () => {
    const stop = AbortSignal.abort(new Error('enough'));
    await expect(registry.upstreamReady('payments', 'payments-1', 'currency', stop)).rejects.toThrow('enough');
  });
});

describe('the trouble with an upstream', () => {
  const CURRENCY = { service: 'currency', datacenter: '' };
  const trouble = (upstream: { service: string; datacenter: string } = CURRENCY) =>
    registry.upstreamTrouble('payments', 'payments-1', upstream);
  const currency = (sidecar: Registration['service']['sidecar']): Registration => {
    const { sidecar: _, ...service } = { ...vm.service, name: 'currency', id: 'currency-1', checks: [] };
    return { ...vm, service: sidecar ? { ...service, sidecar } : service };
  };

  it('is that there is no such service or datacenter, and which there are', async () => {
    expect(await trouble()).toBe('no service currency is registered; there are: none');
    await registry.register(vm, []);
    expect(await trouble()).toBe('no service currency is registered; there are: payments');
    expect(await trouble({ service: 'currency', datacenter: 'dc9' })).toBe('there is no datacenter dc9; there are: dc1');
  });

  it('is that nothing stands for it in the mesh', async () => {
    await registry.register(currency(undefined), []);
    expect(await trouble()).toBe('currency has no sidecar');
  });

  it('is what a last look at it says', async () => {
    await registry.register(currency(vm.service.sidecar), []);
    expect(await trouble()).toBe('its own sidecar has no configuration yet');
    backend.proxyStates.set(new Map([[PROXY, '']]));
    backend.outcomes = [{ currency: { state: 'failed', reason: 'no healthy instances of currency' } }, { currency: { state: 'ok' } }];
    expect(await trouble()).toBe('no healthy instances of currency');
    expect(await trouble()).toBeUndefined();
  });

  it('is not its name if a config entry has it', async () => {
    await registry.putEntries([{ Kind: 'service-resolver', Name: 'currency' }]);
    backend.proxyStates.set(new Map([[PROXY, '']]));
    backend.outcomes = [{ currency: { state: 'failed', reason: 'no healthy instances of money' } }];
    expect(await trouble()).toBe('no healthy instances of money');
  });
});

describe('intentions of resources', () => {
  const sources = () =>
    (backend.entry('dc1', 'service-intentions', 'payments') as { Sources?: { Name: string; Action: string }[] } | undefined)?.Sources;
  const intention = (source: string, action: 'allow' | 'deny') => ({ source, destination: 'payments', action });

  it('stand beside each other, at once too, and go one by one', async () => {
    await Promise.all(
      [intention('web', 'allow'), intention('api', 'allow'), intention('*', 'deny')].map((one) => registry.putIntention(one)),
    );
    expect(
      sources()!
        .map(({ Name, Action }) => `${Name} ${Action}`)
        .toSorted(),
    ).toEqual(['* deny', 'api allow', 'web allow']);
    await registry.putIntention(intention('web', 'deny'));
    await registry.removeIntention(intention('*', 'deny'));
    expect(
      sources()!
        .map(({ Name, Action }) => `${Name} ${Action}`)
        .toSorted(),
    ).toEqual(['api allow', 'web deny']);
    await Promise.all([registry.removeIntention(intention('web', 'deny')), registry.removeIntention(intention('api', 'allow'))]);
    expect(sources()).toBeUndefined();
  });

  it('stay if somebody has changed them since', async () => {
    await registry.putIntention(intention('web', 'allow'));
    await registry.putIntention(intention('web', 'deny'));
    await registry.removeIntention(intention('web', 'allow'));
    expect(sources()).toHaveLength(1);
  });
});
