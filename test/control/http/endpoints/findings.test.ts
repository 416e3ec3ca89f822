import { expect, it } from 'vitest';
import type { Findings } from '../../../../src/api/finding.ts';
import { openAclApi, ROOT } from '../../acl/acl-api.ts';

it('tells what is wrong to those who may read all of it', async () => {
  await using api = await openAclApi();
  const { status } = await api.root('PUT', '/v1/config', { Kind: 'service-defaults', Name: 'gone', Protocol: 'http' });
  expect(status).toBe(200);
  const sources = { Kind: 'service-intentions', Name: 'lost', Sources: [{ Name: 'nobody', Action: 'deny' }] };
  expect((await api.root('PUT', '/v1/config', sources)).status).toBe(200);
  const codes = async (token: string) => {
    const reply = await api.as(token, '/v1/mesh/findings');
    return reply.status === 200 ? (reply.json as Findings).findings.map(({ code, about }) => `${code} ${about.name}`) : reply.status;
  };
  expect(await codes(ROOT)).toEqual(['unused gone', 'intention lost']);
  expect(await codes('')).toBe(403);
  expect(await codes(await api.tokenWith('operator = "read"'))).toBe(403);
  expect(await codes(await api.tokenWith('service_prefix "" { policy = "read" }'))).toBe(403);
  const all = 'operator = "read"\nservice_prefix "" { policy = "read" intentions = "read" }';
  expect(await codes(await api.tokenWith(all))).toEqual(['unused gone', 'intention lost']);
  const without = 'operator = "read"\nservice_prefix "" { policy = "read" intentions = "deny" }';
  expect(await codes(await api.tokenWith(without))).toEqual(['unused gone']);
});
