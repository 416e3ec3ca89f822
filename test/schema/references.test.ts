import { expect, it } from 'vitest';
import { fromJson } from '../../src/schema/located.ts';
import { collectReferences } from '../../src/schema/references.ts';
import { any, list, map, object, optional, reference, string } from '../../src/schema/schema.ts';

const network = reference('network');
const schema = object({
  target: optional(reference('container', 'k8s_cluster'), 'Target.'),
  network: optional(list(object({ name: optional(network, 'Name.'), alias: optional(string(), 'Alias.') })), 'Networks.'),
  by_name: optional(map(network), 'By name.'),
  free: optional(any(), 'Anything.'),
});

const targets = (value: unknown) =>
  collectReferences(fromJson(value), schema).map(({ target, types }) => `${target} (${types.join(', ')})`);

it('finds references wherever the schema has them, and nowhere else', () => {
  const value = {
    target: 'container.web',
    network: [{ name: 'network.a', alias: 'network.alias' }, { name: 'network.b' }],
    by_name: { x: 'network.c' },
    free: { network: 'network.free' },
    unknown: 'network.unknown',
  };
  expect(targets(value)).toEqual([
    'container.web (container, k8s_cluster)',
    'network.a (network)',
    'network.b (network)',
    'network.c (network)',
  ]);
});

it.each([{ target: 1 }, { target: ['container.web'] }, { network: 'network.a' }, { by_name: [] }, null, 'network.a', []])(
  'passes over what is of another type: %j',
  (value) => {
    expect(targets(value)).toEqual([]);
  },
);

it('takes a single block for a list of one, and keeps places', () => {
  expect(targets({ network: { name: 'network.a' } })).toEqual(['network.a (network)']);
  const range = { source: { name: 'a', text: 'network.a' }, start: 0, end: 9 };
  expect(collectReferences({ type: 'string', value: 'network.a', range }, network)).toEqual([
    { target: 'network.a', types: ['network'], range },
  ]);
});
