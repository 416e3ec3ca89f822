import type { AclSettings } from '../../../src/control/acl/settings.ts';
import type { TestPlaneOptions } from '../harness.ts';
import { type Call, openTestApi, type Reply, type TestApi } from '../http/api.ts';

export const ROOT = 'c0ffee00-0000-4000-8000-000000000001';

export const ACLS_ON: AclSettings = {
  enabled: true,
  defaultPolicy: 'deny',
  enableTokenPersistence: false,
  tokens: { initialManagement: ROOT },
};

export interface AclApi extends TestApi {
  /** With a token; the management token unless another is given, `''` for none. */
  as(token: string, path: string, call?: Call): Promise<Reply>;
  root(method: string, path: string, body?: object | string): Promise<Reply>;
  /** The secret of a new token with these rules. */
  tokenWith(rules: string): Promise<string>;
}

export async function openAclApi(options: TestPlaneOptions = {}): Promise<AclApi> {
  const api = await openTestApi({ acl: ACLS_ON, ...options });
  const as = (token: string, path: string, call: Call = {}): Promise<Reply> =>
    api.call(path, { ...call, headers: { ...call.headers, ...(token === '' ? {} : { 'X-Consul-Token': token }) } });
  const root = (method: string, path: string, body?: object | string): Promise<Reply> =>
    as(ROOT, path, { method, ...(body === undefined ? {} : { body }) });
  let made = 0;
  return Object.assign(api, {
    as,
    root,
    tokenWith: async (Rules: string): Promise<string> => {
      const { ID } = (await root('PUT', '/v1/acl/policy', { Name: `p${++made}`, Rules })).json as { ID: string };
      const token = await root('PUT', '/v1/acl/token', { Policies: [{ ID }] });
      return (token.json as { SecretID: string }).SecretID;
    },
  });
}
