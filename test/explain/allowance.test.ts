import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { policyOf } from '../../src/compile/inbound.ts';
import type { ServiceIntentions } from '../../src/entries/service-intentions.ts';
import { type Allowance, type Standing, standingOf } from '../../src/explain/allowance.ts';
import type { CallRef, CallSide } from '../../src/explain/standing.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

const GET = { method: 'GET', host: 'payments', path: '/currency' };
const wanted = { Action: 'allow', HTTP: { PathExact: '/currency', Methods: ['GET'] } };
const rule = (source: string, destination: string, permission?: number | 'none'): NonNullable<CallRef['rule']> => ({
  source,
  destination,
  precedence: 9,
  action: 'deny',
  ...(permission === undefined ? {} : { permission }),
});

type Protocol = CallSide['protocol'];
const side = (s: Snapshot, byDefault: 'allow' | 'deny', protocol: Protocol = 'http'): CallSide => ({
  protocol,
  ...policyOf(s, 'dc1', 'payments', protocol, byDefault),
});

/** How web's call of payments stands, where these entries are stored. */
function standing(
  entries: Readonly<Record<string, object>>,
  call: Partial<CallRef> = {},
  byDefault: 'allow' | 'deny' = 'deny',
  protocol?: Protocol,
): Standing {
  const s = snapshotOf(...Object.entries(entries).map(([name, entry]) => put('service-intentions', name, entry)));
  return standingOf(s, 'dc1', { source: 'web', destination: 'payments', request: GET, ...call }, side(s, byDefault, protocol));
}
const allowance = (...args: Parameters<typeof standing>): Allowance | undefined => standing(...args).allowance;
function sources(...args: Parameters<typeof allowance>): ServiceIntentions['Sources'] {
  const found = allowance(...args);
  if (found?.type !== 'entry') throw new Error(JSON.stringify(found));
  return found.entry.Sources;
}
const permissionsOfWeb = (...args: Parameters<typeof allowance>) => sources(...args).find(({ Name }) => Name === 'web')!.Permissions;
const permit = (Action: string, PathPrefix: string) => ({ Action, HTTP: { PathPrefix } });

describe('the least that allows a request', () => {
  it('is one permission, where there is no intention', () => {
    expect(sources({})).toEqual([{ Name: 'web', Type: 'consul', Precedence: 9, Permissions: [wanted] }]);
    expect(allowance({}, {}, 'allow')).toBeUndefined();
  });

  it('keeps what the entry says of others and of itself', () => {
    const api = { Name: 'api', Action: 'allow', Description: 'keep me' };
    const JWT = { Providers: [{ Name: 'okta' }] };
    const found = allowance(
      { payments: { Sources: [api, { Name: '*', Action: 'deny' }], Meta: { team: 'a' }, JWT } },
      { rule: rule('*', 'payments') },
    );
    expect(found).toMatchObject({ type: 'entry', before: expect.any(Number), entry: { Meta: { team: 'a' }, JWT } });
    expect((found as { before: number }).before).toBeGreaterThan(0);
    const { entry } = found as Extract<Allowance, { type: 'entry' }>;
    expect(entry.Sources.map(({ Name, Action, Description }) => [Name, Action, Description])).toEqual([
      ['api', 'allow', 'keep me'],
      ['web', undefined, undefined],
      ['*', 'deny', undefined],
    ]);
  });

  it('stands right before the permission that has denied', () => {
    const Permissions = [permit('deny', '/secret'), permit('deny', '/'), permit('allow', '/late')];
    const entries = { payments: { Sources: [{ Name: 'web', Permissions }] } };
    // As the entry is, whatever decided before.
    for (const permission of [0, 1, 7, 'none'] as const)
      expect(permissionsOfWeb(entries, { rule: rule('web', 'payments', permission) })).toEqual([
        Permissions[0],
        wanted,
        Permissions[1],
        Permissions[2],
      ]);
    const few = { payments: { Sources: [{ Name: 'web', Permissions: Permissions.slice(0, 1) }] } };
    expect(permissionsOfWeb(few)).toEqual([Permissions[0], wanted]);
  });

  it('is not more where everything is allowed by default: the rest stays denied', () => {
    const denied = { payments: { Sources: [{ Name: 'web', Action: 'deny' }] } };
    expect(permissionsOfWeb(denied, {}, 'allow')).toEqual([wanted, permit('deny', '/')]);
    expect(permissionsOfWeb(denied, {}, 'deny')).toEqual([wanted]);
  });

  it('lets a source keep what a wider intention permits', () => {
    const Permissions = [permit('allow', '/health')];
    expect(permissionsOfWeb({ payments: { Sources: [{ Name: '*', Permissions }] } }, { rule: rule('*', 'payments', 'none') })).toEqual([
      permit('allow', '/health'),
      wanted,
    ]);
    expect(permissionsOfWeb({ '*': { Sources: [{ Name: 'web', Action: 'deny' }] } }, { rule: rule('web', '*') }, 'allow')).toEqual([
      wanted,
      permit('deny', '/'),
    ]);
  });

  it('is nothing when it is there already', () => {
    expect(allowance({ payments: { Sources: [{ Name: 'web', Permissions: [wanted] }] } })).toBeUndefined();
    expect(allowance({ payments: { Sources: [{ Name: 'web', Action: 'allow' }] } })).toBeUndefined();
  });

  it('names a method that Consul has no word for, and no path that is none or was cut', () => {
    const odd = { Action: 'allow', HTTP: { PathExact: '/currency', Header: [{ Name: ':method', Exact: 'PURGE' }] } };
    expect(permissionsOfWeb({}, { request: { ...GET, method: 'PURGE' } })).toEqual([odd]);
    for (const request of [
      { ...GET, method: 'OPTIONS', path: '*' },
      { ...GET, isCut: true },
    ])
      expect(standing({}, { request })).toEqual({
        passes: false,
        rule: 'no intention matches, the default is deny',
        advice: 'no permission can name exactly this path',
      });
  });

  it('names no path of raw bytes: entries are compared as they are escaped', () => {
    const named = (path: string) => allowance({}, { request: { ...GET, path } });
    expect(named('/gr%C3%BC%c3%9fe')).toBeDefined();
    expect(named(Buffer.from('/grüße').toString('latin1'))).toBeUndefined();
  });

  it('takes a permission by fields, which are not known, for what it was when it denied', () => {
    const byField = { Action: 'deny', HTTP: { PathPrefix: '/', Header: [{ Name: 'x-old', Present: true }] } };
    const entries = { payments: { Sources: [{ Name: 'web', Permissions: [byField, permit('allow', '/')] }] } };
    expect(permissionsOfWeb(entries, { rule: rule('web', 'payments', 0) })?.[0]).toEqual(wanted);
    expect(standing(entries, { rule: rule('*', '*') })).toEqual({
      passes: true,
      rule: 'intention web => payments (precedence 9): Permissions[1] is allow, unless it is as Permissions[0] denies',
    });
    const onlyBy = { ...byField, Action: 'allow' };
    expect(permissionsOfWeb({ payments: { Sources: [{ Name: 'web', Permissions: [onlyBy] }] } })).toEqual([onlyBy, wanted]);
  });

  it('says that a token is asked for as well', () => {
    const JWT = { Providers: [{ Name: 'okta' }] };
    const entries = { payments: { Sources: [{ Name: 'web', Action: 'deny' }], JWT } };
    expect(standing(entries).advice).toBe('it has to carry a token of okta as well');
  });
});

describe('a refusal whose reason has gone', () => {
  const Permissions = [permit('allow', '/open'), permit('deny', '/')];
  const permitting = { payments: { Sources: [{ Name: 'web', Permissions }] } };
  const connection = { request: undefined, rule: rule('*', '*') } as unknown as Partial<CallRef>;

  it('is judged by what is there: it passes, and which rule lets it', () => {
    expect(standing(permitting, { request: { ...GET, path: '/open' }, rule: rule('*', '*') })).toEqual({
      passes: true,
      rule: 'intention web => payments (precedence 9): Permissions[0] is allow',
    });
    expect(standing({}, {}, 'allow')).toEqual({ passes: true, rule: 'no intention matches, the default is allow' });
  });

  it('never replaces permissions by an allow for everything', () => {
    expect(standing(permitting, connection)).toEqual({
      passes: true,
      rule: 'payments speaks http, and the permissions of intention web => payments (precedence 9) decide request by request',
    });
    const asBytes = standing(permitting, connection, 'allow', 'tcp');
    expect(asBytes).toEqual({
      passes: false,
      rule: 'intention deny web => payments (precedence 9)',
      advice: expect.stringMatching(/^web => payments has permissions, which only requests can meet/) as string,
    });
  });

  it('says in words where only more than the call could be allowed', () => {
    const denied = { payments: { Sources: [{ Name: 'web', Action: 'deny' }] } };
    expect(standing(denied, connection)).toEqual({
      passes: false,
      rule: 'intention deny web => payments (precedence 9)',
      advice: 'payments speaks http: a request can be allowed, and all of them are more than this',
    });
    expect(standing(denied, {}, 'deny', 'tcp')).toEqual({
      passes: false,
      rule: 'intention deny web => payments (precedence 9)',
      advice: 'payments carries bytes: its connections can be allowed as a whole alone, no single request',
    });
    const JWT = { Providers: [{ Name: 'okta' }] };
    expect(standing({ payments: { ...denied.payments, JWT } }, connection, 'deny', 'tcp').advice).toContain('asks for tokens');
  });
});

describe('the least that allows a connection', () => {
  const tcp = { request: undefined } as unknown as Partial<CallRef>;

  it('is an intention, in place of one of the same two', () => {
    const made = { type: 'intention', source: 'web', destination: 'payments' };
    expect(allowance({}, tcp, 'deny', 'tcp')).toEqual({ ...made, replaces: false });
    expect(allowance({ payments: { Sources: [{ Name: '*', Action: 'deny' }] } }, tcp, 'deny', 'tcp')).toEqual({ ...made, replaces: false });
    expect(allowance({ payments: { Sources: [{ Name: 'Web', Action: 'deny' }] } }, tcp, 'deny', 'tcp')).toEqual({
      ...made,
      replaces: true,
    });
    expect(allowance({ payments: { Sources: [{ Name: 'web', Action: 'allow' }] } }, tcp, 'deny', 'tcp')).toBeUndefined();
  });
});
