import { describe, expect, it } from 'vitest';
import { prepare, refused } from './prepare.ts';

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
    [source({ Action: 'deny', LegacyMeta: { a: 'b' } }), 'Sources[0].LegacyMeta must be omitted'],
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
    [
      permission({ HTTP: { Header: [{ Name: 'x', Exact: 'a', Contains: 'b' }] } }),
      'Sources[0].Permissions[0].HTTP.Header[0] should only contain one of Present, Exact, Prefix, Suffix, Contains, or Regex',
    ],
    [
      permission({ HTTP: { Header: [{ Name: 'x', Present: true, IgnoreCase: true }] } }),
      'Sources[0].Permissions[0].HTTP.Header[0] should set one of Exact, Prefix, Suffix, or Contains when using IgnoreCase',
    ],
    [permission({ HTTP: { Methods: ['FOO'] } }), 'Sources[0].Permissions[0].HTTP.Methods contains an invalid method "FOO"'],
    [permission({ HTTP: { Methods: ['get', 'GET'] } }), 'Sources[0].Permissions[0].HTTP.Methods contains "GET" more than once'],
    [{ ...source({ Action: 'allow' }), JWT: { Providers: [{ VerifyClaims: [] }] } }, 'JWT provider name is required'],
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

  it.each<[object[], [string, string][]]>([
    [[{ Action: 'allow', HTTP: { PathPrefix: '/v1' } }], [['Sources[0].Permissions', 'only allow']]],
    [[{ Action: 'deny', HTTP: { PathExact: '/' } }], [['Sources[0].Permissions', 'only deny']]],
    [
      [
        { Action: 'deny', HTTP: { PathPrefix: '/admin' } },
        { Action: 'allow', HTTP: { PathPrefix: '/' } },
      ],
      [],
    ],
    [
      [
        { Action: 'allow', HTTP: { PathPrefix: '/' } },
        { Action: 'deny', HTTP: { PathPrefix: '/admin' } },
      ],
      [['Sources[0].Permissions[1]', 'is never asked']],
    ],
    [
      [
        { Action: 'deny', HTTP: { PathPrefix: '/', Methods: ['PUT'] } },
        { Action: 'allow', HTTP: { PathPrefix: '/v1' } },
      ],
      [],
    ],
  ])('warns of permissions that do not do what they seem to: %j', (Permissions, expected) => {
    const { entry, problems } = prepare('service-intentions', { Name: 'db', Sources: [{ Name: 'web', Permissions }] });
    expect(entry).toBeDefined();
    expect(problems.map(({ severity, path }) => [severity, path])).toEqual(expected.map(([path]) => ['warning', path]));
    for (const [i, [, text]] of expected.entries()) expect(problems[i]!.summary).toContain(text);
  });

  it('warns of callers who never come', () => {
    const { entry, problems } = prepare('service-intentions', { Name: 'db', Sources: [{ Name: 'web', Peer: 'east', Action: 'deny' }] });
    expect(entry).toBeDefined();
    const summary = "Sources[0].Peer: calls of cluster peers don't come to sidecars here: it decides nothing";
    expect(problems).toMatchObject([{ severity: 'warning', path: 'Sources[0].Peer', summary }]);
  });
});
