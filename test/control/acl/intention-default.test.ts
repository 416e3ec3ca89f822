import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intentionDefault } from '../../../src/control/acl/settings.ts';
import { FakeDataplane, webAndPayments } from '../harness.ts';
import { ACLS_ON, type AclApi, openAclApi } from './acl-api.ts';

it.each([
  [{ enabled: false, defaultPolicy: 'deny' }, 'allow'],
  [{ enabled: true, defaultPolicy: 'deny' }, 'deny'],
  [{ enabled: true, defaultPolicy: 'allow' }, 'allow'],
  [{ enabled: true, defaultPolicy: 'deny', defaultIntentionPolicy: 'allow' }, 'allow'],
  [{ enabled: false, defaultPolicy: 'allow', defaultIntentionPolicy: 'deny' }, 'deny'],
] as const)('%j decides %s for connections that no intention speaks of', (settings, decides) => {
  expect(intentionDefault({ ...ACLS_ON, ...settings })).toBe(decides);
});

describe('where the default is to deny', () => {
  let api: AclApi;
  beforeAll(async () => {
    api = await openAclApi();
    await api.plane.commit(webAndPayments);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('the API says so', async () => {
    const check = await api.root('GET', '/v1/connect/intentions/check?source=web&destination=payments');
    expect(check.json).toEqual({ Allowed: false });
    const ClientCertURI = `spiffe://${api.plane.trustDomain}/ns/default/dc/dc1/svc/web`;
    const authorize = await api.root('POST', '/v1/agent/connect/authorize', { Target: 'payments', ClientCertURI });
    expect(authorize.json).toEqual({ Authorized: false, Reason: 'Default behavior configured by ACLs' });
  });

  it('and the sidecars do so, for a data plane that has no token', async () => {
    const socket = join(api.dir, 'dataplane.sock');
    api.plane.host({ dc: 'dc1', node: 'payments-vm', id: 'payments-sidecar-proxy' }, { extraLoopback: false });
    await api.plane.listenDataplane(socket);
    await using dataplane = await FakeDataplane.connect(socket);
    const { proxies } = await dataplane.update(1);
    expect(proxies.map(({ service, inbound }) => [service, inbound?.defaultAction, inbound?.intentions])).toEqual([
      ['payments', 'deny', []],
    ]);
  });
});
