import { describe, expect, it } from 'vitest';
import { Answerers } from '../../../src/app/test/answered-by.ts';
import type { World } from '../../../src/app/test/world.ts';

const instance = (id: string, address: string, version?: string) => ({
  Node: { Node: `node-of-${id}` },
  Service: {
    ID: id,
    Address: `127.${address.slice(3)}`,
    Meta: version === undefined ? {} : { version },
    TaggedAddresses: { blueprint: { Address: address } },
  },
});
const one = instance('payments-1', '10.5.0.1', '1');
const two = instance('payments-2', '10.5.0.2', 'v2');
const three = instance('payments-3', '10.5.0.3');

/** Consul's API as far as it is asked. */
const world = {
  api: (path: string) => {
    const answers: Record<string, unknown> = {
      '/v1/health/service/payments': [one, two, three],
      '/v1/config/service-resolver': [
        { Name: 'payments', Subsets: { canary: { Filter: 'Service.Meta.version == v2' }, all: { Filter: '' } } },
        { Name: 'other', Subsets: { x: {} } },
      ],
      '/v1/health/service/payments?filter=Service.Meta.version%20%3D%3D%20v2': [two],
    };
    return path in answers ? Promise.resolve(answers[path]) : Promise.reject(new Error(`${path} was not expected`));
  },
} as unknown as World;

const answer = (body: unknown) => ({ status: 200, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('who has answered', async () => {
  const answerers = await Answerers.of('payments', world);
  it.each([
    ['the id', { ip_addresses: ['10.5.0.1'] }, 'payments-1'],
    ['the node', { ip_addresses: ['10.5.0.1'] }, 'node-of-payments-1'],
    ['the version', { ip_addresses: ['10.5.0.1'] }, '1'],
    ['the version with a v', { ip_addresses: ['10.5.0.1'] }, 'v1'],
    ['a version that has one', { ip_addresses: ['10.5.0.2'] }, 'v2'],
    ['the address that can be dialled', { ip_addresses: ['127.5.0.2'] }, 'v2'],
    ['a subset', { ip_addresses: ['10.5.0.2'] }, 'canary'],
    ['a subset of all', { ip_addresses: ['10.5.0.3'] }, 'all'],
    ['the name that it gives itself', { name: 'Payments V9', ip_addresses: [] }, 'Payments V9'],
    ['its own text', { name: 'payments', body: 'hello from v7' }, 'hello from v7'],
    ['a body that is no JSON', 'plain v1\n', 'plain v1'],
  ])('is told by %s', (_, body, label) => {
    expect(answerers.labelOf(answer(body), ['nobody', label])).toBe(label);
  });

  it('is told by the instance before the name that it shares with others', () => {
    const second = answer({ name: 'payments', ip_addresses: ['10.5.0.2'] });
    expect(answerers.labelOf(second, ['payments', 'payments-2'])).toBe('payments-2');
    expect(answerers.labelOf(second, ['payments', 'payments-1'])).toBe('payments');
  });

  it('is not guessed', () => {
    expect(answerers.labelOf(answer({ ip_addresses: ['10.5.0.1'] }), ['v2', 'canary', 'v11', 'x'])).toBeUndefined();
    expect(answerers.labelOf(answer({ ip_addresses: ['10.5.0.9'] }), ['v1', 'all'])).toBeUndefined();
    expect(answerers.describe(answer({ ip_addresses: ['10.5.0.2'], name: 'x' }))).toBe('payments-2');
    expect(answerers.describe(answer('what'))).toBe('an answer with status 200 that names nobody');
  });

  it('refuses names that nothing has', () => {
    expect(() => answerers.check(['v1', 'canary'], [])).not.toThrow();
    expect(() => answerers.check(['v1', 'v3'], [])).toThrow('nothing is called "v3"');
    expect(() => answerers.check(['v1', 'v3'], [answer({ name: 'v3' })])).not.toThrow();
  });
});
