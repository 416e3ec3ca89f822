import { type Mesh, service, startMesh } from 'mesh';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createShop } from './shop.ts';

let mesh: Mesh;

beforeEach(async () => {
  mesh = await startMesh({
    services: [
      service('shop', { server: createShop(() => mesh.upstream('shop', 'payments')) }, { upstreams: ['payments'] }),
      service('payments', () => new Response('version 1'), { version: '1', instances: 2 }),
      service('payments', () => new Response('version 2'), { version: '2' }),
      service('payments-backup', () => new Response('the backup')),
    ],
    configEntries: [
      {
        Kind: 'service-resolver',
        Name: 'payments',
        DefaultSubset: 'v1',
        Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } },
        Failover: { v1: { Service: 'payments-backup' } },
      },
    ],
  });
});

afterEach(() => mesh.close());

const buy = async () => (await mesh.fetch('shop', '/buy')).text();

it('moves a part of the calls to a canary', async () => {
  expect(await buy()).toBe('thank you: version 1');
  await mesh.configEntry({
    Kind: 'service-splitter',
    Name: 'payments',
    Splits: [
      { Weight: 50, ServiceSubset: 'v1' },
      { Weight: 50, ServiceSubset: 'v2' },
    ],
  });
  const answers = new Set<string>();
  for (let n = 0; n < 40; n++) answers.add(await buy());
  expect(answers).toEqual(new Set(['thank you: version 1', 'thank you: version 2']));
});

it('shows the customer that payments does not let the shop in', async () => {
  await mesh.intention('shop', 'payments', 'deny');
  const response = await mesh.fetch('shop', '/buy');
  expect([response.status, await response.text()]).toEqual([502, 'sorry: payments said 403']);
});

it('lets the shop call nothing but what it needs', async () => {
  await mesh.intention('shop', 'payments', [
    { Action: 'allow', HTTP: { PathPrefix: '/buy', Methods: ['GET'] } },
    { Action: 'deny', HTTP: { PathPrefix: '/' } },
  ]);
  expect(await buy()).toBe('thank you: version 1');
  expect((await mesh.fetch('payments', '/refund', { from: 'shop' })).status).toBe(403);
});

it('retries what fails half of the time', async () => {
  await mesh.fault('payments', { abort: 503, percent: 50 });
  await mesh.configEntry({
    Kind: 'service-router',
    Name: 'payments',
    Routes: [{ Match: { HTTP: { PathPrefix: '/buy' } }, Destination: { NumRetries: 20, RetryOnStatusCodes: [503] } }],
  });
  const answers = new Set<string>();
  for (let n = 0; n < 20; n++) answers.add(await buy());
  expect(answers).toEqual(new Set(['thank you: version 1']));
});

it('does not notice that an instance dies', async () => {
  await mesh.kill('payments-1');
  expect(await Promise.all([buy(), buy(), buy()])).toEqual(Array(3).fill('thank you: version 1'));
});

it('goes to the backup when the last one dies, and back', async () => {
  using seen = mesh.tap({ from: 'shop', to: 'payments-backup' });
  await mesh.kill('payments-1');
  await mesh.kill('payments-2');
  expect(await buy()).toBe('thank you: the backup');
  expect(await seen.next()).toMatchObject({ path: '/buy', status: 200, instance: 'payments-backup-1' });
  await mesh.revive('payments-1');
  expect(await buy()).toBe('thank you: version 1');
});
