import fc from 'fast-check';
import type { Endpoint } from '../../../../src/control/http/endpoint.ts';
import { BODIES } from './bodies.ts';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Would end the agent. */
const LEFT_OUT = new Set(['/v1/agent/leave']);

const NAMES = ['web', 'api', 'payments', 'web-vm', 'local', 'dc1', 'default', '*', 'a/b', 'service-defaults', 'proxy-defaults', 'global'];
const HOSTILE = [
  '',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '-1',
  '0',
  '1e999',
  '9'.repeat(30),
  'true',
  'null',
  '../../etc/passwd',
  '<script>&',
  '☃\u2028',
  '"\\',
  ' ',
  'x'.repeat(3000),
  '00000000-0000-0000-0000-000000000000',
  'key:value',
];
const word = fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom(...HOSTILE), fc.string({ maxLength: 8 }));

const PARAMETERS = `
  dc index stale consistent cached max_stale near node-meta tag passing filter pretty ns partition recurse keys
  separator raw cas flags acquire release source destination by name pem compile-dc enable reason note hash format limit
  kind peer node service id force replace-existing-checks merge-central-config wan segment policy role authmethod
  expanded connect token
  direction status method path proxy after follow lines fix loglevel logjson
`
  .trim()
  .split(/\s+/);
const FILTERS = [
  'Node == "web-vm"',
  'Service.Meta.__proto__ == 1',
  'Checks.Status != passing and (web in Tags or not Meta is empty)',
  '"/Meta/x" matches "("',
  `${'('.repeat(500)}a == b`,
  'Port == 99999999999999999999',
  'not not not Kind is empty',
];
const parameter = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...PARAMETERS), word) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('filter'), fc.constantFrom(...FILTERS)) },
  { weight: 1, arbitrary: fc.tuple(word, word) },
);

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['Accept-Encoding', ['gzip', 'gzip;q=0', ';;,q=']],
  ['Cache-Control', ['max-age=1', 'max-age=x', ',=,']],
  ['X-Consul-Token', ['', 'nobody', '__proto__']],
  ['Authorization', ['Bearer x', 'Basic ::', 'Bearer']],
  ['X-Consul-Namespace', ['', 'other']],
  ['Content-Type', ['application/json', 'text/plain; charset=\\']],
  ['If-None-Match', ['*']],
  ['Origin', ['null', 'https://evil.example']],
];
const header = fc.constantFrom(...HEADERS).chain(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const));

/** A value that a field doesn't expect. */
const odd: fc.Arbitrary<unknown> = fc.oneof(
  word,
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 2 ** 53, [], {}, [null], { a: {} }, '10s', '-1s', 'MTIz', [{}], [[[[]]]]),
  fc.constantFrom('deep-list', 'deep-map').map((kind) => deep(kind === 'deep-list')),
);
const field = fc.constantFrom(
  'Name',
  'ID',
  'Node',
  'Kind',
  'Meta',
  'Tags',
  'Service',
  'Check',
  '__proto__',
  'Bogus',
  'name',
  'Rules',
  'Value',
);

function deep(isList: boolean): unknown {
  let value: unknown = 1;
  for (let i = 0; i < 150; i++) value = isList ? [value] : { a: value };
  return value;
}

/** A body that the endpoint takes, with some of its values replaced. */
function mutated(sample: unknown): fc.Arbitrary<string> {
  const paths = pathsOf(sample);
  const change = fc.tuple(fc.constantFrom(...paths), odd);
  return fc
    .tuple(fc.array(change, { maxLength: 3 }), fc.option(fc.tuple(field, odd), { nil: undefined, freq: 8 }))
    .map(([changes, extra]) => {
      let value: unknown = structuredClone(sample);
      for (const [path, to] of changes) value = replaced(value, path, to);
      if (extra && typeof value === 'object' && value !== null && !Array.isArray(value)) value = { ...value, [extra[0]]: extra[1] };
      return JSON.stringify(value) ?? '';
    });
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown): Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner).map((path) => [Array.isArray(value) ? Number(key) : key, ...path])),
  ];
}

function replaced(value: unknown, [step, ...rest]: Path, to: unknown): unknown {
  if (step === undefined) return to;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string | number, unknown> = Array.isArray(value) ? ([...value] as never) : { ...value };
  copy[step] = replaced(copy[step], rest, to);
  return copy;
}

const garbage = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '[]',
    'null',
    '"',
    '{"a":1}{',
    '\u0000',
    '[[[',
    '{"Name":"x",}',
    '\uFEFF{}',
    '9'.repeat(400),
    '-',
    '{"":{"":{}}}',
  ),
  fc.json({ maxDepth: 4 }),
  fc.string({ maxLength: 30 }),
);

/** Any request to one of these endpoints, or past them. */
export function anyRequest(endpoints: readonly Endpoint[]): fc.Arbitrary<FuzzRequest> {
  const known = endpoints.filter(({ path }) => !LEFT_OUT.has(path));
  return fc.constantFrom(...known).chain((endpoint) =>
    fc.record({
      method: fc.oneof(
        { weight: 19, arbitrary: fc.constant<string>(endpoint.method) },
        { weight: 1, arbitrary: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'HEAD') },
      ),
      path: anyPath(endpoint.path),
      headers: fc.array(header, { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs)),
      body: endpoint.method === 'GET' ? fc.constant('') : anyBody(endpoint.path),
    }),
  );
}

function anyPath(pattern: string): fc.Arbitrary<string> {
  const parts = pattern.split('/').slice(1);
  const filled = fc.tuple(...parts.map((part) => (part.startsWith(':') ? word.map((text) => escaped(text)) : fc.constant(part))));
  const query = fc.array(parameter, { maxLength: 4 }).map((pairs) => pairs.map(([name, value]) => `${escaped(name)}=${escaped(value)}`));
  const suffix = fc.oneof(
    { weight: 30, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom('/', '//', '/..', '%zz', '%00', '%ff') },
  );
  // Whoever has an index or a hash must not wait for long.
  return fc
    .tuple(filled, suffix, query)
    .map(([segments, end, pairs]) => `/${segments.join('/')}${end}?${[...pairs, 'wait=1ms'].join('&')}`);
}

const escaped = (text: string): string => encodeURIComponent((text as unknown as { toWellFormed(): string }).toWellFormed());

function anyBody(path: string): fc.Arbitrary<string> {
  const samples = BODIES[path];
  if (!samples) return garbage;
  return fc.oneof({ weight: 1, arbitrary: garbage }, { weight: 6, arbitrary: fc.constantFrom(...samples).chain(mutated) });
}
