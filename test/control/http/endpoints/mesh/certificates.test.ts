import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Certificates } from '../../../../../src/api/certificates.ts';
import { type AclApi, openAclApi, ROOT } from '../../../acl/acl-api.ts';
import { webAndPayments } from '../../../harness.ts';

let api: AclApi;
beforeAll(async () => {
  api = await openAclApi();
  await api.plane.commit(webAndPayments);
  for (const name of ['web', 'payments'])
    api.plane.host({ dc: 'dc1', node: `${name}-vm`, id: `${name}-sidecar-proxy` }, { extraLoopback: false });
});
afterAll(() => api[Symbol.asyncDispose]());

const read = async (token: string) => {
  const { json, text } = await api.as(token, '/v1/mesh/certificates');
  return { answer: json as Certificates, text };
};

describe('GET /v1/mesh/certificates', () => {
  it('tells what the data plane shows and for how long, and no key', async () => {
    const { answer, text } = await read(ROOT);
    expect(text).not.toMatch(/PRIVATE|keyPem/);
    const [root] = api.plane.roots();
    expect(answer.roots).toEqual([expect.objectContaining({ id: root!.id, active: true, keyType: 'EC 256', notAfter: root!.notAfter })]);
    expect(answer.leaves.map(({ identity }) => identity.replace(/.*svc./, '')).toSorted()).toEqual(['payments', 'web']);
    for (const leaf of answer.leaves) {
      expect(leaf).toMatchObject({ renewed: 'by the agent', serial: expect.stringMatching(/^[0-9a-f]+$/), dnsNames: [] });
      expect(leaf.proxies).toHaveLength(1);
      expect(leaf.notAfter).toBeGreaterThan(answer.at + 71 * 3_600_000);
      expect(leaf.notBefore).toBeLessThan(answer.at);
    }
  });

  it('tells of services that the token may read', async () => {
    const { answer } = await read(await api.tokenWith('service "web" { policy = "read" }'));
    expect(answer.leaves.map(({ identity }) => identity.replace(/.*svc./, ''))).toEqual(['web']);
    expect(answer.roots).toHaveLength(1);
  });
});
