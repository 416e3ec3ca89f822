import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AclAccess, AclResource } from '../../src/acl/authorizer.ts';
import { RuleSet } from '../../src/acl/rule-set.ts';
import { serviceIdentityPolicy } from '../../src/acl/templates.ts';
import { TokenAuthorizer } from '../../src/acl/token-authorizer.ts';
import type { AclRule } from '../../src/catalog/acl-rows.ts';

const named = (resource: string, name: string, access: string): AclRule => ({ resource, name, access });
const prefix = (resource: string, name: string, access: string): AclRule => ({ resource, name, prefix: true, access });
const authorizer = (rules: readonly AclRule[], more: { defaultPolicy?: 'allow' | 'deny'; accessor?: string; terse?: boolean } = {}) =>
  new TokenAuthorizer({ rules: new RuleSet(rules), defaultPolicy: 'deny', accessor: 'a1', terse: false, ...more });

describe('what rules allow', () => {
  const rules = [
    named('service', 'web', 'write'),
    prefix('service', '', 'read'),
    prefix('service', 'web-', 'deny'),
    prefix('service', 'web-admin', 'write'),
    { ...named('service', 'db', 'read'), intentions: 'write' },
    prefix('key', '', 'read'),
    prefix('key', 'app/', 'write'),
    named('key', 'app/secret', 'deny'),
    prefix('key', 'list/', 'list'),
    { resource: 'operator', access: 'read' },
    { resource: 'mesh', access: 'deny' },
  ];
  it.each<[AclResource, AclAccess, string | undefined, boolean]>([
    ['service', 'write', 'web', true],
    ['service', 'read', 'other', true],
    ['service', 'write', 'other', false],
    ['service', 'read', 'web-1', false],
    ['service', 'write', 'web-admin-2', true],
    ['service', 'read', 'WEB-1', true],
    ['intention', 'read', 'web', true],
    ['intention', 'write', 'web', false],
    ['intention', 'write', 'db', true],
    ['intention', 'read', 'web-1', false],
    ['intention', 'read', '*', true],
    ['intention', 'write', '*', false],
    ['key', 'read', 'x', true],
    ['key', 'write', 'app/x', true],
    ['key', 'read', 'app/secret', false],
    ['key', 'read', 'app/secret2', true],
    ['key', 'list', 'app/x', true],
    ['key', 'list', 'list/x', true],
    ['key', 'write', 'list/x', false],
    ['key', 'list', 'x', false],
    ['operator', 'read', undefined, true],
    ['operator', 'write', undefined, false],
    ['mesh', 'read', undefined, false],
    ['peering', 'read', undefined, true],
    ['acl', 'read', undefined, false],
    ['node', 'read', '__proto__', false],
  ])('%s:%s of %s is %s', (resource, access, name, allowed) => {
    expect(authorizer(rules).allows(resource, access, name)).toBe(allowed);
  });

  it('a tree of keys is written only where nothing below forbids it', () => {
    const acl = authorizer(rules);
    expect(acl.allowsAll('key', 'write', 'app/')).toBe(false);
    expect(acl.allowsAll('key', 'write', 'app/x')).toBe(true);
    expect(acl.allowsAll('service', 'read')).toBe(false);
    expect(authorizer([], { defaultPolicy: 'allow' }).allowsAll('key', 'write', '')).toBe(true);
    expect(authorizer([named('key', 'a', 'deny')], { defaultPolicy: 'allow' }).allowsAll('key', 'write', '')).toBe(false);
  });

  it('of several policies deny is strongest, then write, list, read, in whatever order they come', () => {
    const levels = ['read', 'list', 'write', 'deny'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...levels), { minLength: 1 }), (given) => {
        const acl = authorizer(given.map((access) => named('key', 'k', access)));
        const strongest = levels[Math.max(...given.map((access) => levels.indexOf(access)))];
        const can = { read: strongest !== 'deny', list: strongest === 'list' || strongest === 'write', write: strongest === 'write' };
        expect({
          read: acl.allows('key', 'read', 'k'),
          list: acl.allows('key', 'list', 'k'),
          write: acl.allows('key', 'write', 'k'),
        }).toEqual(can);
      }),
    );
  });

  it('what one policy says of intentions counts with what another says of the service', () => {
    const acl = authorizer([{ ...named('service', 'web', 'read'), intentions: 'write' }, named('service', 'web', 'write')]);
    expect([acl.allows('service', 'write', 'web'), acl.allows('intention', 'write', 'web')]).toEqual([true, true]);
  });

  it('names in a service identity, and says no more than it needs', () => {
    const acl = authorizer(serviceIdentityPolicy({ ServiceName: 'web' }).rules);
    const may = (resource: AclResource, access: AclAccess, name?: string): boolean => acl.allows(resource, access, name);
    expect([may('service', 'write', 'web'), may('service', 'write', 'web-sidecar-proxy'), may('node', 'read', 'n')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([may('service', 'write', 'db'), may('node', 'write', 'n'), may('operator', 'read')]).toEqual([false, false, false]);
  });
});

describe('a refusal', () => {
  const anonymous = { accessor: '00000000-0000-0000-0000-000000000002' };
  it.each([
    [authorizer([]), 'service', 'web', `Permission denied: token with AccessorID 'a1' lacks permission 'service:read' on "web"`],
    [authorizer([]), 'operator', undefined, `Permission denied: token with AccessorID 'a1' lacks permission 'operator:read'`],
    [
      authorizer([], anonymous),
      'key',
      'foo',
      `Permission denied: anonymous token lacks permission 'key:read' on "foo". The anonymous token is used implicitly when a request does not specify a token.`,
    ],
    [authorizer([], { terse: true }), 'key', 'foo', 'Permission denied'],
  ] as const)('says who lacks what', (acl, resource, name, message) => {
    expect(() => acl.require(resource, 'read', name)).toThrow(message);
  });
});
