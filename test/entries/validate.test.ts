import { describe, expect, it } from 'vitest';
import { prepareEntry } from '../../src/entries/decode.ts';
import { consulErrorText } from '../../src/entries/problem.ts';
import { fromJson } from '../../src/schema/located.ts';

const prepare = (kind: string, fields: object) =>
  prepareEntry(fromJson({ Kind: kind, Name: kind === 'proxy-defaults' ? 'global' : 'web', ...fields }));
const refused = (kind: string, fields: object): string => consulErrorText(prepare(kind, fields).problems);
const listed = (...texts: string[]): string =>
  `${texts.length === 1 ? '1 error' : `${texts.length} errors`} occurred:\n\t${texts.map((text) => `* ${text}`).join('\n\t')}\n\n`;

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

describe('proxy-defaults', () => {
  it.each([
    [{ AccessLogs: { Type: 'x' } }, 'invalid access log type: x'],
    [{ AccessLogs: { Type: 'file' } }, 'path must be specified when using file type access logs'],
    [{ AccessLogs: { Path: '/x' } }, 'path is only valid for file type access logs'],
    [{ AccessLogs: { JSONFormat: '{}', TextFormat: 'x' } }, 'cannot specify both access log JSONFormat and TextFormat'],
  ])('%j', (fields, message) => {
    expect(refused('proxy-defaults', fields)).toBe(message);
  });
});

describe('service-intentions', () => {
  const source = (fields: object): object => ({ Sources: [{ Name: 'api', ...fields }] });
  const permission = (fields: object): object => source({ Permissions: [{ Action: 'allow', ...fields }] });

  it.each([
    [{}, 'At least one source is required'],
    [{ Name: '', ...source({ Action: 'allow' }) }, 'Name is required'],
    [{ Name: 'we*', ...source({ Action: 'allow' }) }, "Name: wildcard character '*' cannot be used with partial values"],
    [source({ Name: '', Action: 'allow' }), 'Sources[0].Name is required'],
    [source({}), "Sources[0].Action must be set to 'allow' or 'deny'"],
    [source({ Action: 'deny', Type: 'k8s' }), "Sources[0].Type must be set to 'consul'"],
    [source({ Action: 'deny', Description: 'x'.repeat(513) }), 'Sources[0].Description exceeds maximum length 512'],
    [source({ Action: 'deny', LegacyID: 'x' }), 'Sources[0].LegacyID must be omitted'],
    [
      {
        Sources: [
          { Name: 'api', Action: 'allow' },
          { Name: 'api', Action: 'deny' },
        ],
      },
      'Sources[1] defines "api" more than once',
    ],
    [
      source({ Action: 'allow', Permissions: [{ Action: 'allow', HTTP: { PathExact: '/' } }] }),
      'Sources[0].Action must be omitted if Permissions are specified',
    ],
    [
      { Name: '*', ...permission({ HTTP: { PathExact: '/' } }) },
      'Sources[0].Permissions cannot be specified on intentions with wildcarded destinations',
    ],
    [permission({ Action: 'x', HTTP: { PathExact: '/' } }), "Sources[0].Permissions[0].Action must be set to 'allow' or 'deny'"],
    [permission({}), 'Sources[0].Permissions[0].HTTP is required'],
    [permission({ HTTP: {} }), 'Sources[0].Permissions[0].HTTP should not be empty'],
    [permission({ HTTP: { PathPrefix: 'x' } }), "Sources[0].Permissions[0].HTTP.PathPrefix doesn't start with '/': \"x\""],
    [
      permission({ HTTP: { PathExact: '/', PathRegex: '.' } }),
      'Sources[0].Permissions[0].HTTP should only contain at most one of PathExact, PathPrefix, or PathRegex',
    ],
    [permission({ HTTP: { Header: [{ Present: true }] } }), 'Sources[0].Permissions[0].HTTP.Header[0] missing required Name field'],
    [
      permission({ HTTP: { Header: [{ Name: 'x' }] } }),
      'Sources[0].Permissions[0].HTTP.Header[0] should only contain one of Present, Exact, Prefix, Suffix, or Regex',
    ],
    [permission({ HTTP: { Methods: ['FOO'] } }), 'Sources[0].Permissions[0].HTTP.Methods contains an invalid method "FOO"'],
    [permission({ HTTP: { Methods: ['get', 'GET'] } }), 'Sources[0].Permissions[0].HTTP.Methods contains "GET" more than once'],
    [{ ...source({ Action: 'allow' }), JWT: { Providers: [{ Name: 'okta' }] } }, 'JWT is not supported by this version of mesh yet'],
  ])('%j', (fields, message) => {
    expect(refused('service-intentions', fields)).toBe(message);
  });

  it('sorts sources by precedence and computes it', () => {
    const { entry } = prepare('service-intentions', {
      Sources: [
        { Name: '*', Action: 'deny' },
        { Name: 'b', Action: 'allow', Precedence: 1 },
        { Name: 'a', Action: 'allow' },
      ],
    });
    expect(entry).toMatchObject({
      Sources: [
        { Name: 'b', Precedence: 9, Type: 'consul' },
        { Name: 'a', Precedence: 9 },
        { Name: '*', Precedence: 8 },
      ],
    });
  });

  it('warns that permissions deny for now, and takes them', () => {
    const { entry, problems } = prepare('service-intentions', permission({ HTTP: { PathPrefix: '/' } }));
    expect(entry).toBeDefined();
    expect(problems.map((p) => [p.severity, p.path])).toEqual([['warning', 'Sources[0].Permissions']]);
    expect(consulErrorText(problems)).toBe('');
  });
});
