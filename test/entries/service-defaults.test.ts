import { describe, expect, it } from 'vitest';
import { listed, refused } from './prepare.ts';

describe('rate limits of a service', () => {
  const limited = (InstanceLevel: object) => ({ RateLimits: { InstanceLevel } });
  const ONE = 'RateLimits.InstanceLevel.Routes[0]';
  it.each([
    [limited({ RequestsPerSecond: -1 }), 'RateLimits.InstanceLevel.RequestsPerSecond cannot be negative'],
    [limited({ Routes: [{ RequestsPerSecond: 1 }] }), `${ONE} must have exactly one of PathExact, PathPrefix, or PathRegex`],
    [limited({ Routes: [{ PathExact: '/a', PathPrefix: '/b' }] }), `${ONE} must have exactly one of PathExact, PathPrefix, or PathRegex`],
    [limited({ Routes: [{ PathPrefix: 'a' }] }), `${ONE}: the path doesn't start with '/': "a"`],
    [limited({ Routes: [{ PathRegex: '/(' }] }), `${ONE}.PathRegex: error parsing regexp: missing closing ): \`/(\``],
  ])('%j', (fields, message) => {
    expect(refused('service-defaults', fields)).toBe(listed(message));
  });
});

describe('service-defaults', () => {
  it.each([
    [{ Name: '*' }, 'service-defaults name must be the name of a service, and not a wildcard'],
    [{ BalanceInboundConnections: 'x' }, listed('invalid value for balance_inbound_connections: x')],
    [{ MutualTLSMode: 'lax' }, listed('Invalid MutualTLSMode "lax". Must be one of "", "strict", or "permissive".')],
    [
      { UpstreamConfig: { Defaults: { Name: 'x', Limits: { MaxConnections: -1 } }, Overrides: [{}, { Name: '*' }] } },
      listed(
        'error in upstream override for : Name is required',
        'error in upstream override for *: Wildcard name is not supported',
        'error in upstream defaults: Name must be empty',
        'error in upstream defaults: max connections cannot be negative',
      ),
    ],
    [
      { UpstreamConfig: { Defaults: { PassiveHealthCheck: { MaxEjectionPercent: 101, Interval: '-1s' } } } },
      listed(
        'error in upstream defaults: passive health check interval cannot be negative',
        'error in upstream defaults: passive health check max_ejection_percent must be a percentage between 0 and 100',
      ),
    ],
    [
      { Destination: { Addresses: ['1.2.3.4', '1.2.3.4', 'a b'], Port: 0 } },
      listed(
        "Duplicate address '1.2.3.4' is not allowed",
        "Destination address 'a b' is invalid Could not validate address a b as an IP or Hostname",
        'Invalid Port number 0',
      ),
    ],
    [{ Destination: { Port: 1 } }, listed('Destination must contain at least one valid address')],
    [
      { UpstreamConfig: {}, Destination: { Addresses: ['::1'], Port: 1 } },
      listed('UpstreamConfig and Destination are mutually exclusive for service defaults'),
    ],
    [
      { Meta: { ['k'.repeat(129)]: '', a: 'v'.repeat(513) } },
      listed('Meta value for key "a" exceeds maximum length 512', `Meta key "${'k'.repeat(129)}" exceeds maximum length 128`),
    ],
    [{ Meta: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, ''])) }, listed('Meta exceeds maximum element count 64')],
  ])('%j', (fields, message) => {
    expect(refused('service-defaults', fields)).toBe(message);
  });
});
