import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Mesh, service, startMesh } from '../../src/main/library.ts';

describe('a mesh that is built in code', () => {
  let mesh: Mesh;

  beforeAll(async () => {
    mesh = await startMesh({
      services: [
        service('web', async (_, { fetch }) => new Response(`web got: ${await (await fetch('payments', '/pay')).text()}`), {
          upstreams: ['payments'],
        }),
        service('payments', (request) => new Response(`paid ${new URL(request.url).pathname}`), { version: '1' }),
      ],
    });
  });

  afterAll(() => mesh.close());

  it('is called through the mesh', async () => {
    const response = await mesh.fetch('web', '/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('web got: paid /pay');
  });

  it('denies, and allows again', async () => {
    await mesh.intention('web', 'payments', 'deny');
    expect((await mesh.fetch('payments', '/', { from: 'web' })).status).toBe(403);
    await mesh.deleteIntention('web', 'payments');
    expect((await mesh.fetch('payments', '/', { from: 'web' })).status).toBe(200);
  });
});
