import { fieldsOf } from '../entries/canonical.ts';
import { PROXY_DEFAULTS_NAME } from '../entries/proxy-defaults.ts';
import { ENTRY_KINDS } from '../entries/table.ts';
import type { Field, Schema } from '../schema/schema.ts';

/** TypeScript of all config entries, as people write them: from the schemas that decode them. `test/library/entry-types.test.ts -u` writes the file. */
export function configEntryTypes(): string {
  const kinds = ENTRY_KINDS.filter(({ readOnly }) => readOnly === undefined).map(({ kind, schema, fixedName }) => ({
    kind,
    schema,
    fixedName,
    name: pascal(kind),
  }));
  const names = namesOf(kinds);
  const interfaces = kinds.map(({ kind, name, schema, fixedName }) =>
    interfaceText(`export interface ${name}Entry`, `\`${kind}\``, [
      `  readonly Kind: '${kind}';`,
      kind === 'proxy-defaults'
        ? `  readonly Name: '${PROXY_DEFAULTS_NAME}';`
        : fixedName === undefined
          ? '  readonly Name: string;'
          : `  readonly Name?: '${fixedName}';`,
      ...memberTexts(schema, kind, names),
      '  /** Pairs of your own. */',
      '  readonly Meta?: Readonly<Record<string, string>>;',
    ]),
  );
  // Those of one kind have its name in theirs; the others are called too much like anything else to be offered.
  const parts = Array.from(names, ([schema, { name, path, shared }]) =>
    interfaceText(`${shared ? '' : 'export '}interface ${name}`, undefined, memberTexts(schema, path, names)),
  );
  const union = ['/** Any config entry that can be written; `Kind` says which. */', 'export type ConfigEntry ='];
  const members = kinds.map(({ name }, i) => `  | ${name}Entry${i === kinds.length - 1 ? ';' : ''}`);
  return [HEAD, [...union, ...members].join('\n'), ...interfaces, ...parts].join('\n\n').concat('\n');
}

const HEAD = [
  '// Generated from src/entries: npx vitest run --project all test/library/entry-types.test.ts -u',
  '',
  "/** A time such as `'30s'` or `'1h30m'`; a number is of nanoseconds. */",
  'export type Duration = string | number;',
].join('\n');

/** Where only a few texts are valid and the schema leaves that to validation, because Consul says so in its own words. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'service-defaults.Protocol': ['tcp', 'http', 'http2', 'grpc'],
  'service-defaults.MutualTLSMode': ['', 'strict', 'permissive'],
  'service-defaults.Mode': ['', 'direct', 'transparent'],
  'proxy-defaults.Mode': ['', 'direct', 'transparent'],
  'proxy-defaults.MutualTLSMode': ['', 'strict', 'permissive'],
  'service-intentions.Sources.Action': ['allow', 'deny'],
  'service-intentions.Sources.Permissions.Action': ['allow', 'deny'],
};

interface Named {
  readonly name: string;
  /** One at which it stands: `service-router.Routes.Match`. */
  readonly path: string;
  /** It stands in several kinds. */
  readonly shared: boolean;
}

/** A name for every object inside of the entries. What stands in several kinds is called by its field alone. */
function namesOf(kinds: readonly { readonly kind: string; readonly schema: Schema; readonly name: string }[]): Map<Schema, Named> {
  const found = new Map<Schema, { kinds: Set<string>; paths: string[] }>();
  const visit = (schema: Schema, kind: string, path: string): void => {
    const inner = innerOf(schema);
    if (inner.kind !== 'object' || isEmpty(inner)) return;
    const known = found.get(inner) ?? { kinds: new Set<string>(), paths: [] };
    found.set(inner, known);
    known.kinds.add(kind);
    known.paths.push(path);
    for (const [name, field] of Object.entries(inner.fields)) visit(field.schema, kind, `${path}.${name}`);
  };
  for (const { kind, schema } of kinds)
    for (const [name, field] of Object.entries(fieldsOf(schema))) visit(field.schema, kind, `${kind}.${name}`);
  const taken = new Set<string>(['ConfigEntry', 'Duration', ...kinds.map(({ name }) => `${name}Entry`)]);
  const names = new Map<Schema, Named>();
  for (const [schema, { kinds: users, paths }] of found) {
    const [path] = paths as [string];
    const [kind = '', ...steps] = path.split('.');
    const last = singular(steps.at(-1)!);
    const candidates = [...(users.size > 1 ? [last] : []), pascal(kind) + last, pascal(kind) + steps.map(singular).join('')];
    const name = candidates.find((candidate) => !taken.has(candidate));
    if (name === undefined) throw new Error(`no name is left for ${path}`);
    taken.add(name);
    names.set(schema, { name, path, shared: users.size > 1 });
  }
  return names;
}

const isEmpty = (schema: Schema): boolean => Object.values(fieldsOf(schema)).every(({ refused }) => refused !== undefined);

const innerOf = (schema: Schema): Schema =>
  schema.kind === 'list' ? innerOf(schema.item) : schema.kind === 'map' ? innerOf(schema.value) : schema;

function interfaceText(head: string, doc: string | undefined, members: readonly string[]): string {
  return [...(doc === undefined ? [] : [`/** ${doc} */`]), `${head} {`, ...members, '}'].join('\n');
}

function memberTexts(schema: Schema, path: string, names: ReadonlyMap<Schema, Named>): string[] {
  return Object.entries(fieldsOf(schema)).flatMap(([name, field]) => {
    if (field.refused !== undefined) return [];
    const type = typeText(field.schema, `${path}.${name}`, names);
    return [`  /** ${field.doc.replaceAll('*/', '*\\/')} */`, `  readonly ${name}${isNeeded(field) ? '' : '?'}: ${type};`];
  });
}

const isNeeded = ({ required, default: value }: Field): boolean => required && value === undefined;

function typeText(schema: Schema, path: string, names: ReadonlyMap<Schema, Named>): string {
  switch (schema.kind) {
    case 'string':
      return (schema.oneOf ?? CHOICES[path])?.map((one) => `'${one}'`).join(' | ') ?? 'string';
    case 'int':
    case 'float':
      return 'number';
    case 'bool':
      return 'boolean';
    case 'duration':
      return 'Duration';
    case 'any':
      return 'unknown';
    case 'list': {
      const item = typeText(schema.item, path, names);
      return item.includes(' ') ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case 'map':
      return `Readonly<Record<string, ${typeText(schema.value, path, names)}>>`;
    case 'object':
      return names.get(schema)?.name ?? 'Readonly<Record<string, unknown>>';
  }
}

const pascal = (kind: string): string =>
  kind
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

function singular(name: string): string {
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(?:ss|TLS|us)$/.test(name)) return name;
  return /(?:sses|xes|ches)$/.test(name) ? name.slice(0, -2) : name.replace(/s$/, '');
}
