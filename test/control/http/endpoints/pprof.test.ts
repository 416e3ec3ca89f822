import { expect, it } from 'vitest';
import type { AclSettings } from '../../../../src/control/acl/settings.ts';
import { ACLS_OFF } from '../../../../src/control/acl/settings.ts';
import type { Compat } from '../../../../src/control/compatibility.ts';
import { openTestApi } from '../api.ts';

const on: AclSettings = { ...ACLS_OFF, enabled: true, defaultPolicy: 'deny', tokens: { initialManagement: 'root' } };

it.each<[compat: Compat, acl: AclSettings, token: string, status: number, text: string]>([
  ['newer', ACLS_OFF, '', 404, ''],
  ['1.8', ACLS_OFF, '', 401, 'ACL support disabled'],
  ['newer', on, '', 403, ''],
  ['1.8', on, '', 403, ''],
  ['newer', on, 'root', 404, ''],
])('profiles are not there: %s', async (compat, acl, token, status, text) => {
  await using api = await openTestApi({ compat, acl });
  for (const path of ['/debug/pprof/', '/debug/pprof/heap', '/debug/pprof/profile?seconds=1']) {
    const reply = await api.call(path, { headers: { 'X-Consul-Token': token } });
    expect([reply.status, reply.text], path).toEqual([status, text]);
  }
});
