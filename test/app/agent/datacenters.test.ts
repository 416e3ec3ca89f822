import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Datacenters } from '../../../src/app/agent/datacenters.ts';
import type { DatacenterSpec } from '../../../src/blueprints/context.ts';
import { ask } from '../../control/dns/client.ts';
import { openTestPlane } from '../../control/harness.ts';

const azure: DatacenterSpec = { name: 'azure', image: 'consul:1.7.2', node: 'hcs', address: '10.5.0.200', httpPort: 8500, entries: [] };
const KEY = 'container.hcs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-datacenters-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

const logPath = (owner: string): string => join(folder, `${owner}.log`);

/** Datacenters of a real control plane; each address is a free port of 127.0.0.1. */
async function open() {
  const { plane, ...rest } = await openTestPlane();
  const ports = new Map<string, number>();
  /** By address: where the API of a server listens. */
  const urls = new Map<string, string>();
  /** Where DNS of an address and port listens instead. */
  const dnsPorts = new Map<string, number>();
  const control: ConstructorParameters<typeof Datacenters>[0]['control'] = {
    openDatacenter: (...args) => plane.openDatacenter(...args),
    closeDatacenter: (server) => plane.closeDatacenter(server),
    speakFor: (server) => plane.speakFor(server),
    listenDns: async (at) => {
      const listener = await plane.listenDns({ ...at, host: '127.0.0.1', port: 0 });
      dnsPorts.set(`${at.host}:${at.port}`, listener.port);
      return listener;
    },
    async listenHttp(at) {
      if (!('host' in at)) throw new Error('servers listen on TCP');
      const listener = await plane.listenHttp({ ...at, host: '127.0.0.1', port: ports.get(at.host) ?? 0 });
      urls.set(at.host, `http://127.0.0.1:${listener.port}`);
      return listener;
    },
  };
  const own = await plane.listenHttp({ host: '127.0.0.1', port: 0 });
  const datacenters = new Datacenters({ control, reach: (address, port) => ({ address, port }), logPath });
  onTestFinished(async () => {
    await datacenters.release();
    await rest[Symbol.asyncDispose]();
  });
  const get = async (base: string, path: string): Promise<unknown> =>
    (await fetch(`${base}${path}`, { headers: { connection: 'close' } })).json();
  const waitForPort = async (at: string): Promise<number> => {
    while (!dnsPorts.has(at)) await setImmediate();
    return dnsPorts.get(at)!;
  };
  return {
    datacenters,
    ports,
    /** The addresses of a name, as the server at `address` answers. */
    dns: async (address: string, name: string) => (await ask(await waitForPort(`${address}:8600`), name, 'A')).answers,
    api: (address: string, path: string) => get(urls.get(address)!, path),
    own: (path: string) => get(`http://127.0.0.1:${own.port}`, path),
  };
}

const self = (datacenter: string, node: string) => ({ Config: { Datacenter: datacenter, NodeName: node } });

describe('a Consul server of a blueprint', () => {
  it('serves its API, and the own API of the agent speaks for it', async () => {
    const { datacenters, api, own } = await open();
    expect(await own('/v1/agent/self')).toMatchObject(self('dc1', 'local'));
    await datacenters.open(KEY, azure);
    expect(await api('10.5.0.200', '/v1/agent/self')).toMatchObject(self('azure', 'hcs'));
    expect(await own('/v1/agent/self')).toMatchObject(self('azure', 'hcs'));
    expect(await own('/v1/catalog/datacenters')).toEqual(['azure']);
    expect([...datacenters.specs]).toEqual([[KEY, azure]]);
    expect(readFileSync(logPath(KEY), 'utf8')).toBe('datacenter azure, node hcs: HTTP API on 10.5.0.200:8500, served by the agent\n');
    await datacenters.close(KEY, azure);
    await expect(api('10.5.0.200', '/v1/agent/self')).rejects.toThrow();
    expect(await own('/v1/catalog/datacenters')).toEqual(['dc1']);
    expect(existsSync(logPath(KEY))).toBe(false);
  });

  it('answers DNS for its datacenter', async () => {
    const { datacenters, dns } = await open();
    await datacenters.open(KEY, { ...azure, address: '127.0.0.9' });
    expect(await dns('127.0.0.9', 'hcs.node.consul')).toEqual(['hcs.node.consul 0 A 127.0.0.9']);
  });

  it('leads when it is told to, by its key', async () => {
    const { datacenters, own } = await open();
    await datacenters.open(KEY, azure);
    await datacenters.open('container.two', { ...azure, name: 'dc2', node: 'two', address: '10.5.0.201' });
    datacenters.lead('container.two');
    expect(await own('/v1/agent/self')).toMatchObject(self('dc2', 'two'));
    datacenters.lead('container.none');
    datacenters.lead(KEY);
    expect(await own('/v1/agent/self')).toMatchObject(self('azure', 'hcs'));
  });

  it('can not be another one’s datacenter, unless it is a further server of it', async () => {
    const { datacenters, own } = await open();
    await datacenters.open(KEY, azure);
    const two = { ...azure, node: 'two', address: '10.5.0.201' };
    await expect(datacenters.open('container.two', two)).rejects.toMatchObject({
      code: 'invalid',
      message: 'container.two and container.hcs are both datacenter azure',
    });
    await datacenters.open('container.two', { ...two, beside: [KEY] });
    expect(await own('/v1/catalog/nodes')).toMatchObject([{ Node: 'hcs' }, { Node: 'two' }]);
    await datacenters.close(KEY, azure);
    expect(await own('/v1/catalog/nodes')).toMatchObject([{ Node: 'two' }]);
  });

  it('takes the place of the one before it, which then goes', async () => {
    const { datacenters, api, own } = await open();
    await datacenters.open(KEY, azure);
    const later = { ...azure, address: '10.5.0.200~2' };
    await datacenters.open(`${KEY}~2`, later);
    datacenters.lead(KEY, 2);
    await datacenters.close(KEY, azure);
    expect(await api('10.5.0.200~2', '/v1/agent/self')).toMatchObject(self('azure', 'hcs'));
    expect(await own('/v1/catalog/nodes')).toMatchObject([{ Node: 'hcs', Address: '10.5.0.200~2' }]);
    datacenters.lead(KEY);
    expect(await own('/v1/agent/self')).toMatchObject(self('azure', 'hcs'));
  });

  it('that can not listen changes nothing of what is registered', async () => {
    const { datacenters, ports, own } = await open();
    await datacenters.open(KEY, azure);
    await datacenters.release();
    ports.set('10.5.0.201', -1);
    await expect(datacenters.open('container.two', { ...azure, name: 'dc2', address: '10.5.0.201' })).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('container.two could not serve its API on 10.5.0.201:8500'),
    });
    expect(await own('/v1/catalog/datacenters')).toEqual(['azure']);
  });

  it('whose entries contradict each other says so, and serves nothing', async () => {
    const { datacenters, api } = await open();
    const entries = [{ Kind: 'service-router', Name: 'web', Routes: [] } as never];
    await expect(datacenters.open(KEY, { ...azure, entries })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/^the config entries of container.hcs were refused: .*"tcp"/),
    });
    expect(datacenters.specs.size).toBe(0);
    await expect(api('10.5.0.200', '/v1/agent/self')).rejects.toThrow();
    await datacenters.close(KEY, azure);
  });
});
