import { describe, expect, it } from 'vitest';
import { parseUpstreams } from '../../../src/kube/inject/upstreams.ts';
import type { Place } from '../../../src/schema/place.ts';

const source = { name: 'web.yml', text: '' };
const place: Place = { root: { type: 'map', entries: [], range: { source, start: 0, end: 0 } }, path: [] };
const parse = (text: string) => parseUpstreams(text, place, [{ port: 9090, name: 'http' }]);
const upstream = (service: string, localPort: number, datacenter = '') => ({
  service,
  datacenter,
  localAddress: '127.0.0.1',
  localPort,
  config: {},
});

describe('connect-service-upstreams', () => {
  it.each([
    ['payments:9091', upstream('payments', 9091)],
    ['  payments : 9091 ', upstream('payments', 9091)],
    ['payments:9091:dc2', upstream('payments', 9091, 'dc2')],
    ['payments:http', upstream('payments', 9090)],
    ['payments.svc:9091', upstream('payments', 9091)],
    ['payments.svc.dc2.dc:9091', upstream('payments', 9091, 'dc2')],
    ['payments:9091:?dc=dc2', upstream('payments', 9091, 'dc2')],
    ['payments:9091:dc2?mesh_gateway_mode=remote', { ...upstream('payments', 9091, 'dc2'), config: { mesh_gateway: { mode: 'remote' } } }],
    ['prepared_query:near:9091', { ...upstream('near', 9091), isQuery: true }],
    ['payments:9091:?local_bind_address=127.0.0.9', { ...upstream('payments', 9091), localAddress: '127.0.0.9' }],
  ])('reads %j', (text, expected) => {
    expect(parse(text)).toEqual({ upstreams: [expect.objectContaining({ upstream: expected })], diagnostics: [] });
  });

  it('reads a list, a comma at its end included', () => {
    const { upstreams, diagnostics } = parse('a:1,\n b:2:dc2 ,c:3,');
    expect(upstreams.map(({ upstream }) => [upstream.service, upstream.localPort, upstream.datacenter])).toEqual([
      ['a', 1, ''],
      ['b', 2, 'dc2'],
      ['c', 3, ''],
    ]);
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['payments', 'upstream structured incorrectly: payments'],
    ['a:1:b:2', 'upstream structured incorrectly: a:1:b:2'],
    ['a:1,,b:2', 'upstream structured incorrectly: '],
    ['payments.svc.dc2:1', 'upstream structured incorrectly: payments.svc.dc2:1'],
    ['payments:nope', 'invalid upstream local bind port "nope" in "payments:nope"'],
    ['payments:65536', 'invalid upstream local bind port "65536" in "payments:65536"'],
    ['payments:1:?x=y', 'unsupported upstream option "x" in "payments:1:?x=y"'],
    ['payments:1:?mesh_gateway_mode=x', 'invalid upstream mesh gateway mode "x" in "payments:1:?mesh_gateway_mode=x"'],
    ['payments.ns.part:1', '"payments.ns.part" names a namespace and a partition, which needs Consul Enterprise'],
    ['prepared_query:q', 'upstream structured incorrectly: prepared_query:q'],
    ['prepared_query:q:x', 'invalid upstream local bind port "x" in "prepared_query:q:x"'],
  ])('refuses %j', (text, summary) => {
    expect(parse(text).diagnostics.map((diagnostic) => diagnostic.summary)).toEqual([summary]);
  });
});
