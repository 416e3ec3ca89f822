import { expect, it } from 'vitest';
import { Watchable } from '../../../src/base/watch.ts';
import { changeKeys } from '../../../src/catalog/keys.ts';
import { node } from '../../../src/catalog/queries.ts';
import { emptySnapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import { answerHashed } from '../../../src/control/http/content-hash.ts';
import { parseQueryOptions } from '../../../src/control/http/query-options.ts';
import { WaitHub } from '../../../src/control/wait-hub.ts';
import { random, realClock } from '../harness.ts';

const mesh = { snapshot: new Watchable(emptySnapshot(['dc1'])), changes: new WaitHub(), clock: realClock, random };

function put(Node: string, Address: string): void {
  const row = { Node, Address, ID: '', Datacenter: 'dc1', TaggedAddresses: {}, Meta: {} };
  const { changed, snapshot } = transact(mesh.snapshot.value, { type: 'register', dc: 'dc1', node: row });
  mesh.snapshot.set(snapshot);
  mesh.changes.publish(changed);
}

/** The address of a node, and its hash. */
async function ask(search: string): Promise<{ value: string; hash: string }> {
  const query = new URLSearchParams(search);
  const options = parseQueryOptions(query, {}, { datacenter: 'dc1', compat: 'newer' });
  const request = { query, options, signal: new AbortController().signal, enterBlocking: () => () => undefined };
  const find = (s: typeof mesh.snapshot.value) => ({ value: node(s, 'dc1', 'vm')?.Address ?? '', watch: [changeKeys.node('dc1', 'vm')] });
  const answer = await answerHashed(request, mesh, find, (value, hash) => ({ value, hash }));
  if (answer.type !== 'json') throw new Error(answer.type);
  const body = answer.value as { value: string; hash: string };
  expect([answer.meta, answer.headers]).toEqual([undefined, { 'X-Consul-Contenthash': body.hash }]);
  return body;
}

it('a query waits on a hash until what it finds has another one', async () => {
  put('vm', '10.0.0.1');
  const first = await ask('');
  expect(first).toEqual({ value: '10.0.0.1', hash: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(await ask('hash=another&wait=10m')).toEqual(first);
  expect(await ask(`hash=${first.hash}&wait=1ms`)).toEqual(first);

  const waiting = ask(`hash=${first.hash}&wait=10m`);
  put('other', '10.0.0.9');
  // The same again wakes nobody for good.
  put('vm', '10.0.0.1');
  put('vm', '10.0.0.2');
  expect(await waiting).toMatchObject({ value: '10.0.0.2' });
});
