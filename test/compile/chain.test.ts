import { describe, expect, it } from 'vitest';
import { compileChain } from '../../src/compile/chain.ts';
import type { ChainRequest } from '../../src/compile/chain-model.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

const defaults = put('proxy-defaults', 'global', { Config: { protocol: 'HTTP' } });
const compile = (s = snapshotOf(), over: Partial<ChainRequest> = {}) => {
  const result = compileChain(s, { dc: 'dc1', service: 'payments', trustDomain: 'td.consul', ...over });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

describe('a chain that nothing shapes', () => {
  it('exists for any name', () => {
    expect(compile()).toEqual({
      service: 'payments',
      datacenter: 'dc1',
      protocol: 'tcp',
      startNode: 'resolver:payments.default.default.dc1',
      nodes: {
        'resolver:payments.default.default.dc1': {
          type: 'resolver',
          id: 'resolver:payments.default.default.dc1',
          target: 'payments.default.default.dc1',
          connectTimeoutMs: 5000,
          isDefault: true,
        },
      },
      targets: {
        'payments.default.default.dc1': {
          id: 'payments.default.default.dc1',
          service: 'payments',
          datacenter: 'dc1',
          sni: 'payments.default.dc1.internal.td.consul',
        },
      },
      isDefault: true,
      customizationHash: undefined,
    });
  });

  it('has its targets where the upstream is', () => {
    const chain = compile(undefined, { evaluateInDc: 'dc2' });
    expect(Object.values(chain.targets)).toEqual([
      { id: 'payments.default.default.dc2', service: 'payments', datacenter: 'dc2', sni: 'payments.default.dc2.internal.td.consul' },
    ]);
  });
});

describe('the protocol of a chain', () => {
  it.each([
    ['tcp without any entry', [], 'tcp'],
    ['of proxy-defaults', [defaults], 'http'],
    ['of service-defaults', [defaults, put('service-defaults', 'payments', { Protocol: 'grpc' })], 'grpc'],
    ['tcp when service-defaults has none, whatever proxy-defaults says', [defaults, put('service-defaults', 'payments')], 'tcp'],
    ['of another datacenter: not', [{ ...defaults, dc: 'dc2' }], 'tcp'],
  ])('is %s', (_, ops, protocol) => {
    expect(compile(snapshotOf(...ops)).protocol).toBe(protocol);
  });
});

describe('overrides of an upstream', () => {
  it('count, and mark the chain', () => {
    const chain = compile(undefined, { overrides: { protocol: 'http', connectTimeoutMs: 100 } });
    expect(chain).toMatchObject({ protocol: 'http', nodes: { [chain.startNode]: { connectTimeoutMs: 100 } } });
    expect(chain.customizationHash).toMatch(/^[0-9a-f]{8}$/);
    expect(compile(undefined, { overrides: { protocol: 'grpc' } }).customizationHash).not.toBe(chain.customizationHash);
  });

  it('leave no mark when they say what is so anyway', () => {
    expect(compile(undefined, { overrides: { protocol: 'tcp', connectTimeoutMs: 5000 } }).customizationHash).toBeUndefined();
  });
});
