import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topologicalOrder } from '../../src/blueprints/graph.ts';

const node = (key: string, ...dependsOn: string[]) => ({ key, dependsOn });
const keys = (nodes: readonly { key: string }[]) => nodes.map(({ key }) => key).join(' ');

describe('the order of resources', () => {
  it('puts dependencies first, and else keeps the order of the text', () => {
    expect(keys(topologicalOrder([node('web', 'api', 'net'), node('api', 'db'), node('db', 'net'), node('net'), node('z')]).order)).toBe(
      'net db api web z',
    );
  });

  it('does not mind what runs elsewhere', () => {
    expect(topologicalOrder([node('web', 'network.other')])).toEqual({ order: [node('web', 'network.other')] });
  });

  it.each([
    [[node('a', 'a')], 'a a'],
    [[node('a', 'b'), node('b', 'a')], 'a b a'],
    [[node('x', 'a'), node('a', 'b'), node('b', 'c'), node('c', 'a')], 'a b c a'],
  ])('tells a circle, without what only leads to it: %j', (nodes, cycle) => {
    expect(topologicalOrder(nodes).cycle?.join(' ')).toBe(cycle);
  });

  it('holds every resource once, after all that it needs', () => {
    const acyclic = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(acyclic, (rows) => {
        const nodes = rows.map((needs, i) => node(String(i), ...(i === 0 ? [] : needs.map((need) => String(need % i)))));
        const { order, cycle } = topologicalOrder(nodes.toReversed());
        expect(cycle).toBeUndefined();
        expect(order.map(({ key }) => key).toSorted()).toEqual(nodes.map(({ key }) => key).toSorted());
        for (const [i, { dependsOn }] of order.entries()) {
          const before = new Set(order.slice(0, i).map(({ key }) => key));
          expect(dependsOn.filter((key) => !before.has(key))).toEqual([]);
        }
      }),
    );
  });
});
