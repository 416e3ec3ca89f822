import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { policyOf } from '../../src/compile/inbound.ts';
import { standingOf } from '../../src/explain/allowance.ts';
import { type Decision, decidingRule } from '../../src/matching/decide.ts';
import { IntentionTable, isDenial } from '../../src/matching/intention-table.ts';
import { cleanRequest, readyCleaning } from '../../src/matching/normalize.ts';
import { normalizePath } from '../../src/matching/path.ts';
import type { MatchedRequest } from '../../src/matching/request.ts';
import { put, snapshotOf } from '../catalog/registrations.ts';

const PATHS = ['/', '/pay', '/pay/eur', '/Pay', '/admin', '/ADMIN', '//admin', '/pay%2Feur', '/%61dmin', '/open'];
const some = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const compact = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const where = some<object>(
  ...['/', '/pay', '/admin', '/Pay', '//admin'].flatMap((path) => [{ PathPrefix: path }, { PathExact: path }]),
  { PathRegex: '/p.*' },
  { PathRegex: '/[A-Z]+' },
  {},
);
const methods = some(undefined, ['GET'], ['POST', 'PUT']);
const header = some(undefined, undefined, { Name: 'x-group', Exact: 'dev' }, { Name: 'x-group', Present: true, Invert: true });
const permission = fc.tuple(some('allow', 'deny'), where, methods, header).map(([Action, path, Methods, one]) => {
  const HTTP = compact({ ...path, Methods, Header: one && [one] });
  return { Action, HTTP: Object.keys(HTTP).length > 0 ? HTTP : { PathPrefix: '/' } };
});
const source = fc
  .tuple(some('web', '*', 'api', 'WEB'), fc.oneof(some('allow', 'deny'), fc.array(permission, { minLength: 1, maxLength: 4 })))
  .map(([Name, says]) => (typeof says === 'string' ? { Name, Action: says } : { Name, Permissions: says }));
const sources = fc.uniqueArray(source, { maxLength: 3, selector: ({ Name }) => Name.toLowerCase() });
const everybody = some(undefined, [{ Name: 'web', Action: 'deny' }], [{ Name: '*', Action: 'deny' }], [{ Name: 'web', Action: 'allow' }]);

interface Call {
  readonly source: string;
  readonly request: MatchedRequest;
}
/** As it is after a sidecar has cleaned it, which is what it judges and remembers. */
const call: fc.Arbitrary<Call> = fc
  .record({
    from: some('web', 'web', 'api', 'shop'),
    method: some('GET', 'GET', 'POST', 'PURGE'),
    path: some(...PATHS),
    list: some([], ['x-group', 'dev']),
  })
  .map(({ from, method, path, list }) => {
    const request = cleanRequest({ method, path, target: `${path}?q=1`, host: 'payments', fields: { list } }, readyCleaning());
    if ('status' in request) throw new Error(request.reason);
    return { source: from, request };
  });

const side = (s: Snapshot, byDefault: 'allow' | 'deny') => ({
  protocol: 'http' as const,
  ...policyOf(s, 'dc1', 'payments', 'http', byDefault),
});

/** As a sidecar judges it: how it is refused in each reading; none when it passes. */
function refusals(s: Snapshot, byDefault: 'allow' | 'deny', { source, request }: Call): readonly Decision[] {
  const table = new IntentionTable(side(s, byDefault), () => undefined);
  const ready = table.ruleFor(source);
  return (table.always(ready) ?? table.read(request, ready!)).filter(isDenial);
}

const spelling = (path: string): string => normalizePath(path).toLowerCase();
/** A path is one in all its spellings: rules read it in each of them. */
const isTheSame = (a: Call, b: Call): boolean =>
  a.source === b.source && a.request.method === b.request.method && spelling(a.request.path) === spelling(b.request.path);

it('an entry that is suggested lets exactly the one request pass', () => {
  let suggested = 0;
  const world = fc.record({
    sources,
    everybody,
    byDefault: some<'allow' | 'deny'>('allow', 'deny'),
    call,
    others: fc.array(call, { minLength: 20, maxLength: 30 }),
  });
  fc.assert(
    fc.property(world, fc.boolean(), ({ sources: payments, everybody: all, byDefault, call: refused, others }, knowsAll) => {
      const kind = 'service-intentions';
      const ops = [
        ...(payments.length > 0 ? [put(kind, 'payments', { Sources: payments })] : []),
        ...(all ? [put(kind, '*', { Sources: all })] : []),
      ];
      const before = snapshotOf(...ops);
      const denials = refusals(before, byDefault, refused);
      const { method, path } = refused.request;
      const rule = denials[0] && decidingRule(denials[0], 'payments');
      const asked = {
        source: refused.source,
        destination: 'payments',
        request: { method, path, host: 'payments', ...(knowsAll ? { whole: refused.request } : {}) },
        ...(rule ? { rule } : {}),
      };
      const standing = standingOf(before, 'dc1', asked, side(before, byDefault));
      if (knowsAll || denials.length > 0) expect(standing.passes).toBe(denials.length === 0);
      const { allowance } = standing;
      if (standing.passes) return;
      if (allowance?.type !== 'entry') throw new Error(JSON.stringify(standing));
      suggested++;
      const { Kind, Name, ...entry } = allowance.entry;
      const after = snapshotOf(...ops, put(Kind, Name, entry));
      // Where several readings are refused by different permissions, a refusal remembers one of them.
      const isKnown = knowsAll || new Set(denials.map(({ permission: at }) => at)).size < 2;
      if (isKnown) expect(refusals(after, byDefault, refused)).toEqual([]);
      for (const other of others.filter((one) => !isTheSame(one, refused)))
        expect([other, refusals(after, byDefault, other).length > 0]).toEqual([other, refusals(before, byDefault, other).length > 0]);
    }),
    { numRuns: 200 },
  );
  expect(suggested).toBeGreaterThan(20);
});
