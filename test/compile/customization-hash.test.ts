import { expect, it } from 'vitest';
import { customizationHash } from '../../src/compile/customization-hash.ts';

// What a real Consul 1.8.7 answered.
it.each([
  ['ef15b5b5', { protocol: 'grpc' }],
  ['8b1bc506', { connectTimeoutMs: 7000 }],
  ['511e4067', { protocol: 'tcp', connectTimeoutMs: 7000 }],
  ['c0a8267f', { protocol: 'tcp', connectTimeoutMs: 7000, meshGateway: 'remote' }],
])('is %s of %j', (hash, overrides) => {
  expect(customizationHash(overrides)).toBe(hash);
});
