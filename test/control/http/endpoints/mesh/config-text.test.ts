import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EntryText, ParsedEntry } from '../../../../../src/api/config-text.ts';
import { type AclApi, openAclApi, ROOT } from '../../../acl/acl-api.ts';

let api: AclApi;
beforeAll(async () => {
  api = await openAclApi();
  for (const entry of [
    { Kind: 'service-defaults', Name: 'web', Protocol: 'http' },
    {
      Kind: 'service-router',
      Name: 'web',
      Routes: [{ Match: { HTTP: { PathPrefix: '/x' } }, Destination: { Service: 'web', PrefixRewrite: '/' } }],
    },
  ])
    await api.root('PUT', '/v1/config', entry);
});
afterAll(() => api[Symbol.asyncDispose]());

const parse = async (body: string, token = ROOT) =>
  (await api.as(token, '/v1/mesh/config/parse', { method: 'POST', body })).json as ParsedEntry;
const text = async (path: string) => (await api.root('GET', `/v1/mesh/config/${path}`)).json as EntryText;

describe('GET /v1/mesh/config/:kind/:name', () => {
  it('answers HCL that can be written back at its index', async () => {
    const { modifyIndex, ...entry } = await text('service-router/web');
    expect(entry).toMatchObject({ kind: 'service-router', name: 'web', text: expect.stringContaining('PrefixRewrite = "/"') });
    const parsed = await parse(entry.text);
    expect(parsed).toMatchObject({ diagnostics: [], text: entry.text, present: { modifyIndex, text: entry.text } });
    expect((await api.root('PUT', `/v1/config?cas=${modifyIndex}`, parsed.entry)).text).toBe('true');
  });

  it('answers 404 for what is not there', async () => {
    expect((await api.root('GET', '/v1/mesh/config/service-router/nobody')).status).toBe(404);
  });
});

describe('POST /v1/mesh/config/parse', () => {
  it('points at what is wrong, and writes nothing', async () => {
    const wrong = await parse('Kind = "service-defaults"\nName = "api"\nProtocl = "http"\n');
    expect(wrong.entry).toBeUndefined();
    expect(wrong.diagnostics).toEqual([
      expect.objectContaining({ severity: 'error', line: 3, column: 1, endColumn: 8, hint: 'did you mean "Protocol"?' }),
    ]);
    expect(await parse('Kind = "service-defaults"\nName = "api"\nProtocol = "http"\n')).toMatchObject({
      diagnostics: [],
      kind: 'service-defaults',
    });
    expect((await api.root('GET', '/v1/config/service-defaults/api')).status).toBe(404);
  });

  it('says what the mesh would contradict, and what to look at again', async () => {
    const contradicts = await parse('Kind = "service-defaults"\nName = "web"\nProtocol = "tcp"\n');
    expect(contradicts.diagnostics).toEqual([expect.objectContaining({ severity: 'error', summary: expect.stringContaining('web') })]);
    expect(contradicts.entry).toBeUndefined();
    expect(contradicts.present?.text).toContain('Protocol = "http"');
    const odd = await parse('Kind = "service-defaults"\nName = "api"\nProtocol = "htttp"\n');
    expect(odd.diagnostics).toEqual([expect.objectContaining({ severity: 'warning', line: 3 })]);
    expect(odd.entry).toBeDefined();
  });

  it('tells nobody more than he may know', async () => {
    const reader = await api.tokenWith('service "web" { policy = "read" }');
    const stranger = await api.tokenWith('service "other" { policy = "write" }');
    const entry = 'Kind = "service-defaults"\nName = "web"\nProtocol = "tcp"\n';
    expect(await parse(entry, reader)).toMatchObject({
      diagnostics: [{ summary: expect.stringContaining('Permission denied') }],
      present: { name: 'web' },
    });
    const nothing = await parse(entry, stranger);
    expect(nothing.diagnostics.map(({ summary }) => summary)).toEqual([expect.stringContaining('Permission denied')]);
    expect([nothing.present, nothing.entry, nothing.cautions]).toEqual([undefined, undefined, []]);
    expect((await api.as(stranger, '/v1/mesh/config/service-defaults/web')).status).toBe(403);
  });
});
