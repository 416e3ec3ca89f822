import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DnsListener } from '../../../src/control/dns/server.ts';
import { openTestPlane, type TestPlane, webAndPayments } from '../harness.ts';
import { ask } from './client.ts';

let test: TestPlane;
let dns: DnsListener;
beforeAll(async () => {
  test = await openTestPlane();
  await test.plane.commit(webAndPayments);
  dns = await test.plane.listenDns({ host: '127.0.0.1', port: 0 });
  const base = {
    Session: '',
    Token: '',
    Template: { Type: '', Regexp: '', RemoveEmptyTags: false },
    DNS: { TTL: '17s' },
  };
  const service = {
    Failover: { NearestN: 0, Datacenters: null },
    OnlyPassing: true,
    IgnoreCheckIDs: null,
    Near: '',
    Tags: null,
    NodeMeta: null,
    ServiceMeta: null,
    Connect: false,
  };
  const prefix = { Type: 'name_prefix_match', Regexp: '^to-(.+)$', RemoveEmptyTags: false };
  await test.plane.commit([
    { type: 'query-set', dc: 'dc1', query: { ...base, ID: 'q1', Name: 'pay', Service: { ...service, Service: 'payments' } } },
    {
      type: 'query-set',
      dc: 'dc1',
      query: { ...base, ID: 'q2', Name: 'to-', Template: prefix, Service: { ...service, Service: '$'.concat('{match(1)}') } },
    },
    {
      type: 'query-set',
      dc: 'dc1',
      query: { ...base, ID: 'q3', Name: 'gone', Token: 'no-token', Service: { ...service, Service: 'nobody' } },
    },
  ]);
});
afterAll(() => test[Symbol.asyncDispose]());

it.each([
  ['pay.query.consul', ['127.5.0.110']],
  ['pay.query.dc1.consul', ['127.5.0.110']],
  ['to-web.query.consul', ['127.5.0.111']],
  ['gone.query.consul', []],
  ['nothing.query.consul', []],
])('%s', async (name, addresses) => {
  const { answers } = await ask(dns.port, name, 'A');
  expect(answers).toEqual(addresses.map((address) => `${name} 17 A ${address}`));
});
