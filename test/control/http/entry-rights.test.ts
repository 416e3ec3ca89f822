import { describe, expect, it } from 'vitest';
import type { Authorizer } from '../../../src/acl/authorizer.ts';
import { PermissionDenied } from '../../../src/acl/authorizer.ts';
import { mayReadEntry, requireWriteEntry } from '../../../src/control/http/entry-rights.ts';
import { entry } from '../../catalog/registrations.ts';

/** May do exactly what is named: `service:write:web`, `mesh:write`. */
function having(...rights: string[]): Authorizer {
  const allows: Authorizer['allows'] = (resource, access, name) =>
    rights.includes(name === undefined ? `${resource}:${access}` : `${resource}:${access}:${name}`);
  return {
    unrestricted: false,
    allows,
    allowsAll: () => false,
    allowsAny: (resource, access) => rights.some((right) => right.startsWith(`${resource}:${access}:`)),
    filter: (items, allowed) => items.filter(allowed),
    require: (...what) => {
      if (!allows(...what)) throw new PermissionDenied();
    },
  };
}

describe('reading', () => {
  it.each([
    ['service-router', ['service:read:web'], true],
    ['service-router', ['mesh:read'], false],
    ['ingress-gateway', ['service:read:web'], true],
    ['service-intentions', ['intention:read:web'], true],
    ['service-intentions', ['service:read:web'], false],
    ['proxy-defaults', [], true],
    ['mesh', [], true],
    ['inline-certificate', ['service:read:web'], false],
    ['inline-certificate', ['mesh:read'], true],
    ['jwt-provider', ['service:write:any'], true],
    ['exported-services', [], false],
  ])('%s with %j: %s', (kind, rights, allowed) => {
    expect(mayReadEntry(having(...rights), kind, 'web')).toBe(allowed);
  });
});

describe('writing', () => {
  const route = entry('service-router', 'web', { Routes: [{ Destination: { Service: 'api' } }] });
  const intentions = entry('service-intentions', 'web', { Sources: [{ Name: 'api', Action: 'deny' }] });

  it.each([
    ['defaults', entry('service-defaults', 'web'), ['service:write:web'], true],
    ['defaults of another', entry('service-defaults', 'web'), ['service:write:api'], false],
    ['routes to what can be seen', route, ['service:write:web', 'service:read:api'], true],
    ['routes to what can not', route, ['service:write:web'], false],
    ['intentions', intentions, ['intention:write:web'], true],
    ['intentions with the wrong right', intentions, ['service:write:web', 'mesh:write'], false],
    ['defaults of all', entry('proxy-defaults', 'global'), ['mesh:write'], true],
    ['a gateway', entry('ingress-gateway', 'in'), ['service:write:in'], false],
    ['what the agent writes', entry('bound-api-gateway', 'gw'), ['mesh:write', 'service:write:gw'], false],
  ])('%s', (_, written, rights, allowed) => {
    const write = () => requireWriteEntry(having(...rights), written);
    if (allowed) expect(write).not.toThrow();
    else expect(write).toThrow(PermissionDenied);
  });

  it('says who writes what nobody may', () => {
    const nobody = { ...having(), unrestricted: true };
    expect(() => requireWriteEntry(nobody, entry('bound-api-gateway', 'gw'))).toThrow('Permission denied: only writeable by controller');
  });
});
