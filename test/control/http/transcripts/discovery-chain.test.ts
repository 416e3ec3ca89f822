import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';
import { compareJson } from './compare.ts';
import { Names, UUID } from './names.ts';

/*
 * What a real Consul 1.8.7 made of writes and deletes of entries, and which chains it compiled from them:
 * `<answer>   <= <entry>`, `<answer>   DEL <kind>/<name>`, `## chain <service> <query>` with the answer on the next line. The one
 * with a CustomizationHash was asked for with overrides.
 */
const lines = readFileSync(new URL('../../../fixtures/consul-1.8.7/discovery-chain.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const OVERRIDES = { OverrideProtocol: 'tcp', OverrideConnectTimeout: '7s', OverrideMeshGateway: { Mode: 'remote' } };

/** Answers that are meant to differ, by what was written, each with the reason. */
const DIFFERENT: Readonly<Record<string, string>> = {
  // 1.8 takes any method, and Envoy then never matches it.
  '{"Kind":"service-router","Name":"payments","Routes":[{"Match":{"HTTP":{"Methods":["FOO"]}}}]}':
    'Route[0] Methods contains an invalid method "FOO"',
  // 1.8 looks at filters when it is too late: the resolver then selects nothing.
  '{"Kind":"service-resolver","Name":"payments","Subsets":{"v1":{"Filter":"Service.Meta.version ="}}}':
    /^Filter for subset "v1" is not a valid expression: /.source,
};

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ compat: '1.8' });
  // What was there before the first line.
  const defaults = { Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' }, MeshGateway: { Mode: 'local' } };
  const ingress = { Kind: 'ingress-gateway', Name: 'ig', Listeners: [{ Port: 80, Protocol: 'http', Services: [{ Name: 'web' }] }] };
  for (const body of [defaults, ingress]) await api.call('/v1/config', { method: 'PUT', body });
});
afterAll(() => api[Symbol.asyncDispose]());

let answer = '';
lines.forEach((line, i) => {
  const [, same = '', sort = '', what = ''] = /^(.*?) {3}(<=|DEL) (.*)$/.exec(line) ?? [];
  if (sort === '') {
    answer = line;
    if (lines[i - 1]?.startsWith('## chain ')) declareChain(lines[i - 1]!.slice('## chain '.length), line, i);
    return;
  }
  const expected = same === '' ? answer : same;
  it(`${i + 1}: ${sort} ${what}`.slice(0, 150), async () => {
    const [method, path, body] = sort === 'DEL' ? (['DELETE', `/v1/config/${what}`] as const) : (['PUT', '/v1/config', what] as const);
    const { text } = await api.call(path, { method, ...(body === undefined ? {} : { body }) });
    const meant = DIFFERENT[what];
    if (meant === undefined) expect(text).toBe(expected);
    else expect(text).toMatch(new RegExp(meant.startsWith('^') ? meant : `^${meant.replace(/[[\]]/g, '\\$&')}$`));
  });
});

function declareChain(target: string, expected: string, i: number): void {
  it(`${i + 1}: chain ${target}`, async () => {
    const overridden = expected.includes('CustomizationHash');
    const call = overridden ? { method: 'POST', body: OVERRIDES } : {};
    const { json } = await api.call(`/v1/discovery-chain/${target.replace(/ $/, '').replace(' ', '')}`, call);
    const captured: unknown = JSON.parse(expected.replace(new RegExp(`${UUID.source}\\.consul`, 'g'), api.plane.trustDomain));
    expect(compareJson(captured, json, new Names())).toEqual([]);
  });
}
