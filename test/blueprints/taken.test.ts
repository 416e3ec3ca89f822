import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { RunningResource } from '../../src/blueprints/loaded.ts';
import { load, runningOf } from './fixture.ts';
import { workspace } from './workspace.ts';

const AZURE = [{ id: '/azure', name: 'azure' }];
const NETWORK: Partial<RunningResource> & { key: string; type: string; spec: unknown } = {
  key: 'network.azure',
  type: 'network',
  spec: { subnet: '10.5.0.0/16' },
  owners: AZURE,
};
const HCS = { key: 'container.hcs', type: 'container', spec: { workload: { names: [] } }, owners: AZURE, addresses: ['10.5.0.200'] };

const payments = (address: string): string =>
  `container "payments" {\n  image {\n    name = "nicholasjackson/fake-service:v0.24.2"\n  }\n  network {\n    name = "network.azure"\n    ip_address = ${JSON.stringify(address)}\n  }\n}\n`;

/** What is said of a file beside what runs. */
async function said(text: string, running = [NETWORK, HCS], replacing: string[] = []): Promise<string[]> {
  const options = { running: () => Promise.resolve(runningOf(running)), replacing: new Set(replacing) };
  const { diagnostics } = await load(workspace({ 'main.hcl': text }), [], options);
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic));
}

describe('an address in the network of a blueprint that runs', () => {
  it('that is right is accepted', async () => {
    expect(await said(payments('10.5.0.110'))).toEqual([]);
  });

  it.each([
    ['hello', '"ip_address" is not an IPv4 address: "hello"'],
    ['10.5.0.999', '"ip_address" is not an IPv4 address: "10.5.0.999"'],
    ['10.6.0.110', 'address 10.6.0.110 is outside network.azure'],
    ['10.5.255.255', 'address 10.5.255.255 of network.azure is not for a workload'],
  ])('%s is refused at its place', async (address, summary) => {
    const [text, ...more] = await said(payments(address));
    expect(more).toEqual([]);
    expect(text!.split('\n')[0]).toBe(`main.hcl:7:18: error: ${summary}`);
  });

  it('that something there has is refused before anything is touched', async () => {
    const [text, ...more] = await said(payments('10.5.0.200'));
    expect(more).toEqual([]);
    expect(text).toContain('main.hcl:7:18: error: address 10.5.0.200 is taken\n');
    expect(text).toContain('container.hcs of blueprint azure has it');
    expect(text).toContain('mesh destroy azure');
  });

  it('is free when who has it goes: a blueprint that is replaced, or the earlier version of this one', async () => {
    expect(await said(payments('10.5.0.200'), [NETWORK, HCS], ['/azure'])).toEqual([]);
    const shared = { ...HCS, owners: [...AZURE, { id: '/v3', name: 'v3' }] };
    expect((await said(payments('10.5.0.200'), [NETWORK, shared], ['/azure']))[0]).toContain('container.hcs of blueprint v3 has it');
    const folder = workspace({ 'main.hcl': payments('10.5.0.200') });
    const running = runningOf([NETWORK, { ...HCS, owners: [{ id: folder, name: 'test' }] }]);
    expect((await load(folder, [], { running: () => Promise.resolve(running) })).diagnostics).toEqual([]);
  });

  it('is no conflict with the same resource, which both blueprints ask for', async () => {
    const same = { ...HCS, key: 'container.payments' };
    expect(await said(payments('10.5.0.200'), [NETWORK, same])).toEqual([]);
  });
});

describe('a network', () => {
  const network = (name: string, subnet: string): string => `network "${name}" {\n  subnet = "${subnet}"\n}\n`;

  it('that overlaps one of another blueprint is refused, as Docker does', async () => {
    const [text, ...more] = await said(network('onprem', '10.5.3.0/24'));
    expect(more).toEqual([]);
    expect(text).toContain('main.hcl:2:12: error: network.onprem overlaps network.azure, which runs\n');
    expect(text).toContain('network.azure of blueprint azure is 10.5.0.0/16');
  });

  it('is accepted beside it, in its place, and with the same name', async () => {
    expect(await said(network('onprem', '10.6.0.0/16'))).toEqual([]);
    expect(await said(network('onprem', '10.5.3.0/24'), [NETWORK], ['/azure'])).toEqual([]);
    expect(await said(network('azure', '10.5.0.0/16'))).toEqual([]);
  });
});
