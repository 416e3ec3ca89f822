import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DnsListener } from '../../../src/control/dns/server.ts';
import { serviceQuery } from '../../catalog/registrations.ts';
import { openTestPlane, type TestPlane, webAndPayments } from '../harness.ts';
import { ask } from './client.ts';

const base = {
  Session: '',
  Token: '',
  Template: { Type: '', Regexp: '', RemoveEmptyTags: false },
  DNS: { TTL: '17s' },
};
const service = serviceQuery({ OnlyPassing: true });

let test: TestPlane;
let dns: DnsListener;
beforeAll(async () => {
  test = await openTestPlane();
  await test.plane.commit(webAndPayments);
  dns = await test.plane.listenDns({ host: '127.0.0.1', port: 0 });
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

it('a query that sorts by nearness keeps its order', async () => {
  const both = webAndPayments.map((op) =>
    op.type === 'register'
      ? { ...op, services: op.services!.map((one) => ({ ...one, ID: `${one.ID}-twin`, Service: 'twin' })), checks: [] }
      : op,
  );
  await test.plane.commit(both);
  const query = { ...base, ID: 'q4', Name: 'near', Service: { ...service, Service: 'twin', Near: 'payments-vm' } };
  await test.plane.commit([{ type: 'query-set', dc: 'dc1', query }]);
  const orders = await Promise.all(Array.from({ length: 20 }, () => ask(dns.port, 'near.query.consul', 'A', { udp: 1232 })));
  expect(new Set(orders.map(({ answers }) => answers[0]))).toEqual(new Set(['near.query.consul 17 A 127.5.0.110']));
});
