import { describe, expect, it } from 'vitest';
import { type Allowance, allowanceFor, type RefusedCallRef } from '../../src/compile/allowance.ts';
import type { ServiceIntentions } from '../../src/entries/service-intentions.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

const GET = { method: 'GET', host: 'payments', path: '/currency' };
const wanted = { Action: 'allow', HTTP: { PathExact: '/currency', Methods: ['GET'] } };
const rule = (source: string, destination: string, permission?: number | 'none'): NonNullable<RefusedCallRef['rule']> => ({
  source,
  destination,
  precedence: 9,
  action: 'deny',
  ...(permission === undefined ? {} : { permission }),
});

/** What it takes for web to call payments, where these entries are stored. */
function allowance(
  entries: Readonly<Record<string, object>>,
  call: Partial<RefusedCallRef> = {},
  byDefault: 'allow' | 'deny' = 'deny',
): Allowance | undefined {
  const s = snapshotOf(...Object.entries(entries).map(([name, entry]) => put('service-intentions', name, entry)));
  return allowanceFor(s, 'dc1', { source: 'web', destination: 'payments', request: GET, ...call }, byDefault);
}
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
    expect(permissionsOfWeb(entries, { rule: rule('web', 'payments', 1) })).toEqual([
      Permissions[0],
      wanted,
      Permissions[1],
      Permissions[2],
    ]);
    expect(permissionsOfWeb(entries, { rule: rule('web', 'payments', 'none') })?.at(-1)).toEqual(wanted);
    // Somebody has changed the entry since.
    for (const late of [2, 7]) expect(permissionsOfWeb(entries, { rule: rule('web', 'payments', late) })?.[0]).toEqual(wanted);
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

  it('says no method that an entry can not name, and no path that is none', () => {
    expect(permissionsOfWeb({}, { request: { ...GET, method: 'PURGE' } })).toEqual([{ Action: 'allow', HTTP: { PathExact: '/currency' } }]);
    expect(permissionsOfWeb({}, { request: { ...GET, method: 'OPTIONS', path: '*' } })).toEqual([
      { Action: 'allow', HTTP: { Methods: ['OPTIONS'] } },
    ]);
  });
});

describe('the least that allows a connection', () => {
  const tcp = { request: undefined } as unknown as Partial<RefusedCallRef>;

  it('is an intention, in place of one of the same two', () => {
    const made = { type: 'intention', source: 'web', destination: 'payments' };
    expect(allowance({}, tcp)).toEqual({ ...made, replaces: false });
    expect(allowance({ payments: { Sources: [{ Name: '*', Action: 'deny' }] } }, tcp)).toEqual({ ...made, replaces: false });
    expect(allowance({ payments: { Sources: [{ Name: 'Web', Action: 'deny' }] } }, tcp)).toEqual({ ...made, replaces: true });
    expect(allowance({ payments: { Sources: [{ Name: 'web', Action: 'allow' }] } }, tcp)).toBeUndefined();
  });
});
