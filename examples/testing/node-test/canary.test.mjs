import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { service, startMesh } from 'mesh';

describe('a canary', () => {
  let mesh;

  before(async () => {
    mesh = await startMesh({
      services: [
        service('web', async (_, { fetch }) => fetch('payments', '/pay'), { upstreams: ['payments'] }),
        service('payments', () => new Response('v1'), { version: '1' }),
        service('payments', () => new Response('v2'), { version: '2' }),
      ],
      configEntries: [
        {
          Kind: 'service-resolver',
          Name: 'payments',
          DefaultSubset: 'v1',
          Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } },
        },
        {
          Kind: 'service-router',
          Name: 'payments',
          Routes: [
            {
              Match: { HTTP: { Header: [{ Name: 'x-group', Exact: 'dev' }] } },
              Destination: { ServiceSubset: 'v2', RetryOnStatusCodes: [503], NumRetries: 1 },
            },
          ],
        },
      ],
    });
  });
  after(() => mesh.close());

  it('is for developers at first', async () => {
    const answer = async (headers) => (await mesh.fetch('payments', '/', { from: 'web', headers })).text();
    assert.equal(await answer({}), 'v1');
    assert.equal(await answer({ 'x-group': 'dev' }), 'v2');
  });

  it('is not reached by those who may not', async () => {
    await mesh.intention('web', 'payments', 'deny');
    const seen = mesh.tap({ from: 'web', to: 'payments' });
    assert.equal((await mesh.fetch('web')).status, 403);
    assert.equal((await seen.next()).rule, 'intention deny web => payments (precedence 9)');
    await mesh.deleteIntention('web', 'payments');
  });

  it('can be slow', async () => {
    const fault = await mesh.fault('payments', { delay: '50ms' });
    const seen = mesh.tap({ to: 'payments' });
    await mesh.fetch('web');
    assert.ok((await seen.next()).durationMs >= 45);
    await fault[Symbol.asyncDispose]();
  });

  it('may die: the others go on', async () => {
    await mesh.kill('payments-2');
    const dev = await mesh.fetch('payments', '/', { from: 'web', headers: { 'x-group': 'dev' } });
    assert.equal(dev.status, 503);
    assert.equal(await (await mesh.fetch('web')).text(), 'v1');
  });
});
