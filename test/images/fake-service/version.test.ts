import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../../src/images/fake-service/version.ts';

describe('behaviourOf', () => {
  it.each([
    ['v0.9.0', 'Headers', false, false],
    ['vm-v0.9.0', 'Headers', false, false],
    ['v0.10.2', 'Headers', false, false],
    ['v0.11.0', 'headers', false, false],
    ['v0.17.9', 'headers', false, false],
    ['v0.18.0', 'headers', true, false],
    ['v0.22.8', 'headers', true, false],
    ['v0.22.9', 'headers', true, true],
    ['0.24.2', 'headers', true, true],
    ['vm-v0.24.2', 'headers', true, true],
    ['v1.0', 'headers', true, true],
    ['latest', 'headers', true, true],
    [undefined, 'headers', true, true],
  ])('%s', (tag, headersKey, upstreamsByUri, serverTimeouts) => {
    expect(behaviourOf(tag)).toMatchObject({ headersKey, upstreamsByUri, serverTimeouts });
  });

  it.each([
    ['v0.9.0', []],
    ['v0.14.0', ['cors', 'insecureUpstreams', 'memoryLoad', 'tls']],
    ['v0.22.9', ['cors', 'insecureUpstreams', 'memoryLoad', 'readiness', 'tls', 'upstreamBodies']],
    ['v0.26.0', ['cors', 'insecureUpstreams', 'memoryLoad', 'readiness', 'runtimeConfig', 'tls', 'uiPath', 'upstreamBodies']],
  ])('%s has %j', (tag, expected) => {
    const later = ['cors', 'insecureUpstreams', 'memoryLoad', 'readiness', 'runtimeConfig', 'tls', 'uiPath', 'upstreamBodies'] as const;
    const behaviour = behaviourOf(tag);
    expect(later.filter((name) => behaviour[name])).toEqual(expected);
    expect(behaviour.serverType).toBe(tag !== 'v0.26.0');
  });
});
