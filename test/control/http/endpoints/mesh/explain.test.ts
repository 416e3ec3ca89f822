import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../../../../src/api/explanation.ts';
import { type AclApi, openAclApi, ROOT } from '../../../acl/acl-api.ts';
import { webAndPayments } from '../../../harness.ts';

let api: AclApi;
beforeAll(async () => {
  api = await openAclApi();
  await api.plane.commit(webAndPayments);
});
afterAll(() => api[Symbol.asyncDispose]());

const asked = { source: 'web', destination: 'payments' };
const explain = (token: string, body: object = asked) => api.as(token, '/v1/mesh/explain', { method: 'POST', body });
const write = (headers: Record<string, string> = {}) =>
  api.as(ROOT, '/v1/config', { method: 'PUT', headers, body: { Kind: 'service-defaults', Name: 'payments', Protocol: 'http' } });
const protocol = async (token = ROOT) => ((await explain(token)).json as Explanation).steps.find(({ kind }) => kind === 'protocol')!;

describe('POST /v1/mesh/explain', () => {
  it('answers from what the default is, too', async () => {
    expect((await explain(ROOT)).json).toMatchObject({
      source: 'web',
      verdict: 'denied',
      summary: 'no intention matches, the default is deny',
      fix: 'mesh intention create -allow web payments',
      ways: [{ service: 'payments', verdict: 'denied', status: 0 }],
    });
  });

  it('needs the right to read both services', async () => {
    const both = await api.tokenWith('service "web" { policy = "read" } service "payments" { policy = "read" }');
    expect((await explain(both)).status).toBe(200);
    for (const one of ['web', 'payments'])
      expect((await explain(await api.tokenWith(`service "${one}" { policy = "read" }`))).status).toBe(403);
  });

  it('does not know what nobody has registered, and refuses what makes no sense', async () => {
    const unknown = await explain(ROOT, { ...asked, source: 'wbe' });
    expect(unknown).toMatchObject({ status: 404, text: 'there is no service or gateway "wbe"; did you mean "web"?' });
    expect((await explain(ROOT, { destination: 'web' })).status).toBe(400);
  });

  it('names the file of an entry to who operates the mesh, until somebody writes the entry without one', async () => {
    const file = { path: '/shop/payments defaults.hcl', line: 3 };
    await write({ 'X-Mesh-Origin': encodeURIComponent(`${file.path}:${file.line}`) });
    expect((await protocol()).origin).toEqual({ of: 'service-defaults payments', file });
    const reader = await api.tokenWith('service_prefix "" { policy = "read" }');
    expect((await protocol(reader)).origin).toEqual({ of: 'service-defaults payments' });
    const read = await api.root('GET', '/v1/config/service-defaults/payments');
    expect(read.text).not.toContain('shop');
    await write();
    expect((await protocol()).origin).toEqual({ of: 'service-defaults payments' });
    await write({ 'X-Mesh-Origin': 'nonsense' });
    expect((await protocol()).origin).not.toHaveProperty('file');
  });

  it('names the files of entries that were applied together', async () => {
    const Entries = [{ Kind: 'service-defaults', Name: 'payments', Protocol: 'grpc' }];
    expect((await api.root('PUT', '/v1/config/apply', { Entries, Origins: ['/shop/all.hcl:7'] })).status).toBe(200);
    expect((await protocol()).origin).toMatchObject({ file: { path: '/shop/all.hcl', line: 7 } });
  });

  it('has a command that lets exactly what a permission refuses pass', async () => {
    const Permissions = [{ Action: 'allow', HTTP: { PathExact: '/pay', Methods: ['POST'] } }];
    const written = { Kind: 'service-intentions', Name: 'payments', Sources: [{ Name: 'web', Permissions }] };
    expect((await api.root('PUT', '/v1/config', written)).status).toBe(200);
    const body = { ...asked, request: { method: 'GET', path: '/pay?a=1', headers: [] } };
    const { fix, summary } = (await explain(ROOT, body)).json as Explanation;
    expect(summary).toBe('no permission of intention web => payments (precedence 9) matches, the default is deny');
    expect(fix).toMatch(
      /^mesh config write -cas -modify-index \d+ - <<'EOF'\n[\s\S]*PathExact\s+= "\/pay"[\s\S]*PathExact\s+= "\/pay"[\s\S]*EOF$/,
    );
    const reader = await api.tokenWith('service_prefix "" { policy = "read" intentions = "deny" }');
    expect(((await explain(reader, body)).json as Explanation).fix).toMatch(
      /^an intention that allows web => payments GET \/pay and no more/,
    );
  });
});
