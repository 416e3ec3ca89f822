import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/base/ports.ts';
import { datacenterNames, entry, nodeChecks, nodes } from '../../src/catalog/queries.ts';
import type { ServerRef } from '../../src/control/plane.ts';
import { openRegistry, type Registry, WriteRefused } from '../../src/control/registry.ts';
import { nodeIdOf, Servers } from '../../src/control/servers.ts';
import type { EntryBase } from '../../src/entries/kind.ts';
import { memoryStorage } from '../../src/store/storage.ts';
import { random, registration } from './harness.ts';

const own: ServerRef = { datacenter: 'dc1', node: 'mesh', address: '127.0.0.1' };
const azure: ServerRef = { datacenter: 'azure', node: 'hcs', address: '127.5.0.200' };
const second: ServerRef = { datacenter: 'azure', node: 'hcs-2', address: '127.5.0.201' };

const payments = registration({ node: 'payments-vm', address: '127.5.0.110', name: 'payments', port: 9090 });
const proxyDefaults = (protocol: string) => ({ Kind: 'proxy-defaults', Name: 'global', Config: { protocol } }) as EntryBase;

const publication = (dc: string) =>
  ({ type: 'set-ca', dc, roots: [], config: { Provider: 'consul', Config: null, ForceWithoutCrossSigning: false } }) as const;

let registry: Registry;
let servers: Servers;
beforeEach(async () => {
  registry = await openRegistry({ storage: memoryStorage(), datacenter: 'dc1', log: silentLog, clock: Date, onChange: () => undefined });
  servers = new Servers(registry, own, random, publication);
  await servers.register(own);
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
});

const datacenters = () => datacenterNames(registry.snapshot.value);
const nodesOf = (dc: string) => nodes(registry.snapshot.value, dc).value.map(({ Node, Address }) => `${Node} ${Address}`);
const protocolOf = (dc: string) =>
  (entry(registry.snapshot.value, dc, 'proxy-defaults', 'global').value as { Config?: { protocol?: string } } | undefined)?.Config
    ?.protocol;

describe('a server', () => {
  it('is a datacenter with its node and its entries, instead of the implicit one', async () => {
    await servers.open(azure, [proxyDefaults('http')]);
    expect(datacenters()).toEqual(['azure']);
    expect(nodesOf('azure')).toEqual(['hcs 127.5.0.200']);
    expect(nodeChecks(registry.snapshot.value, 'azure', 'hcs').value).toMatchObject([{ CheckID: 'serfHealth', Status: 'passing' }]);
    expect(protocolOf('azure')).toBe('http');
    expect(servers.first).toEqual(azure);
  });

  it('takes everything in it along, and leaves the implicit one as it was at first', async () => {
    await servers.open(azure, [proxyDefaults('http')]);
    await registry.commit([{ ...payments, dc: 'azure' } as never]);
    await servers.close(azure);
    expect(datacenters()).toEqual(['dc1']);
    expect(nodesOf('dc1')).toEqual(['mesh 127.0.0.1']);
    expect(servers.first).toEqual(own);
    await servers.open(azure, []);
    expect([nodesOf('azure'), protocolOf('azure')]).toEqual([['hcs 127.5.0.200'], undefined]);
  });

  it('stands beside the implicit datacenter while somebody is registered there', async () => {
    await registry.commit([payments]);
    await servers.open(azure, []);
    expect(datacenters()).toEqual(['azure', 'dc1']);
    expect(servers.first).toEqual(azure);
    await servers.close(azure);
    expect(nodesOf('dc1')).toEqual(['mesh 127.0.0.1', 'payments-vm 127.5.0.110']);
  });

  it('finds its entries as somebody has changed them, when it is taken over', async () => {
    await servers.open(azure, [proxyDefaults('http')]);
    await registry.commit([{ type: 'put-entry', dc: 'azure', entry: proxyDefaults('grpc') }]);
    const id = nodeIdOf(registry, azure);
    const later = new Servers(registry, own, random, publication);
    await later.register(own);
    await later.open({ ...azure, address: '127.5.0.202' }, [proxyDefaults('http')]);
    expect(protocolOf('azure')).toBe('grpc');
    // Its address may be another one by then; who it is stays.
    expect([nodesOf('azure'), nodeIdOf(registry, azure), datacenters()]).toEqual([['hcs 127.5.0.202'], id, ['azure']]);
  });

  it('writes entries in an order in which each finds what it builds on', async () => {
    const routes = { Kind: 'service-router', Name: 'web', Routes: [] } as never;
    await servers.open(azure, [routes, proxyDefaults('http')]);
    expect(entry(registry.snapshot.value, 'azure', 'service-router', 'web').value).toBeDefined();
    await expect(servers.open({ ...azure, datacenter: 'tcp' }, [routes])).rejects.toThrow(WriteRefused);
  });
});

describe('several servers', () => {
  it('of one datacenter: it goes with the last of them', async () => {
    await servers.open(azure, []);
    await servers.open(second, []);
    expect(nodesOf('azure')).toEqual(['hcs 127.5.0.200', 'hcs-2 127.5.0.201']);
    await servers.close(azure);
    expect(nodesOf('azure')).toEqual(['hcs-2 127.5.0.201']);
    expect(servers.first).toEqual(second);
    await servers.close(second);
    expect(datacenters()).toEqual(['dc1']);
  });

  it('of one name: the later takes the place of the other, with everything in it', async () => {
    await servers.open(azure, []);
    await registry.commit([{ ...payments, dc: 'azure' } as never]);
    const successor = { ...azure, address: '127.5.0.201' };
    await servers.open(successor, []);
    await servers.close(azure);
    expect(nodesOf('azure')).toEqual(['hcs 127.5.0.201', 'payments-vm 127.5.0.110']);
    expect(servers.first).toEqual(successor);
  });

  it('of several datacenters: the agent speaks for the first one, until another one is preferred', async () => {
    const dc2 = { ...second, datacenter: 'dc2' };
    await servers.open(azure, []);
    await servers.open(dc2, []);
    expect([datacenters(), servers.first]).toEqual([['azure', 'dc2'], azure]);
    servers.prefer(dc2);
    expect(servers.first).toEqual(dc2);
    servers.prefer({ ...azure, datacenter: 'nowhere' });
    await servers.close(dc2);
    expect([datacenters(), servers.first]).toEqual([['azure'], azure]);
  });
});

describe('a server that is the implicit datacenter', () => {
  const dev: ServerRef = { datacenter: 'dc1', node: 'consul', address: '127.5.0.200' };

  it('stands for it, and gives it back empty', async () => {
    await servers.open(dev, [proxyDefaults('http')]);
    expect(nodesOf('dc1')).toEqual(['consul 127.5.0.200']);
    expect(servers.first).toEqual(dev);
    await servers.close(dev);
    expect([nodesOf('dc1'), protocolOf('dc1')]).toEqual([['mesh 127.0.0.1'], undefined]);
  });

  it('leaves those who were there before it', async () => {
    await registry.commit([payments]);
    await servers.open(dev, []);
    expect(nodesOf('dc1')).toEqual(['consul 127.5.0.200', 'payments-vm 127.5.0.110']);
    await servers.close(dev);
    expect(nodesOf('dc1')).toEqual(['mesh 127.0.0.1', 'payments-vm 127.5.0.110']);
  });
});
