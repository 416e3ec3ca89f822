import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlueprintOrder, Blueprints, BlueprintVerb } from '../../../../../src/api/blueprints.ts';
import { UnknownBlueprint } from '../../../../../src/control/agent/blueprints.ts';
import { type AclApi, openAclApi, ROOT } from '../../../acl/acl-api.ts';

const listing: Blueprints = { applied: [], available: [{ id: '/x', name: 'x', origin: 'folder' }], endsWithLast: false };

const TOKEN = 'a'.repeat(64);

let api: AclApi;
const orders: [BlueprintVerb, BlueprintOrder][] = [];
beforeAll(async () => {
  api = await openAclApi({ dashboard: { token: TOKEN, file: () => Promise.resolve(undefined) } });
});
afterAll(() => api[Symbol.asyncDispose]());

const order = (verb: string, body: object, token = ROOT, headers: Record<string, string> = { 'X-Mesh-Ui-Token': TOKEN }) =>
  api.as(token, `/v1/mesh/blueprints/${verb}`, { method: 'POST', body, headers });

describe('/v1/mesh/blueprints', () => {
  it('are not there where nothing applies them', async () => {
    expect((await api.root('GET', '/v1/mesh/blueprints')).status).toBe(404);
  });

  it('are listed, and ordered about, by who may operate the mesh', async () => {
    api.plane.hostedBy({
      reload: () => Promise.resolve(),
      leave: () => Promise.resolve(),
      blueprints: {
        list: () => Promise.resolve(listing),
        order: (verb, given) => {
          if (given.id !== '/x') return Promise.reject(new UnknownBlueprint('there is no such blueprint'));
          orders.push([verb, given]);
          return Promise.resolve(told());
        },
      },
    });
    expect((await api.root('GET', '/v1/mesh/blueprints')).json).toEqual(listing);
    const reply = await order('run', { id: '/x', movePorts: true });
    expect(reply.headers['content-type']).toBe('application/x-ndjson');
    expect(reply.text).toBe('{"type":"message","text":"<b>"}\n{"type":"end","exit":0}\n');
    expect(orders).toEqual([['run', { id: '/x', movePorts: true }]]);
    expect(await order('plan', { id: '/y' })).toMatchObject({ status: 404, text: 'there is no such blueprint' });
    expect((await order('plan', { path: '/x' })).status).toBe(400);

    const reader = await api.tokenWith('operator = "read"');
    expect((await api.as(reader, '/v1/mesh/blueprints')).status).toBe(200);
    for (const verb of ['plan', 'run', 'destroy']) expect((await order(verb, { id: '/x' }, reader)).status).toBe(403);
    // Nobody runs programs as the user whose agent it is who can't read the file with the token.
    for (const headers of [{}, { 'X-Mesh-Ui-Token': 'b'.repeat(64) }])
      expect(await order('run', { id: '/x' }, ROOT, headers)).toMatchObject({ status: 403, text: expect.stringContaining('mesh ui') });
    expect(orders).toHaveLength(1);
  });
});

async function* told() {
  yield { type: 'message', text: '<b>' } as const;
  yield { type: 'end', exit: 0 } as const;
}
