/** Handlebars' own, and Jumppad's `quote` and `trim`. */
export const HELPERS = ['quote', 'trim', 'if', 'unless', 'each', 'with', 'lookup'];

/** Nodes of a parsed template, as far as they are looked at. */
export interface Program {
  readonly body: readonly Statement[];
}

interface Statement {
  readonly type: string;
  readonly path?: Path;
  readonly name?: Path;
  readonly params?: readonly Expression[];
  readonly hash?: { readonly pairs: readonly { readonly value: Expression }[] };
  readonly program?: Program & { readonly blockParams?: readonly string[] };
  readonly inverse?: Program;
}

interface Expression extends Partial<Path> {
  readonly type: string;
  readonly path?: Path;
  readonly params?: readonly Expression[];
}

interface Path {
  readonly type: string;
  readonly data?: boolean;
  readonly depth?: number;
  readonly parts?: readonly string[];
  readonly original: unknown;
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };
}

/** A name that stands in a template. `value`: of a variable, where what it means is certain. */
export interface Call {
  readonly kind: 'helper' | 'partial' | 'value';
  readonly text: string;
  readonly parts: readonly string[];
  readonly line: number;
  readonly column: number;
}

/** Names in the order in which they stand. Inside of blocks that change the context, values may mean anything. */
export function namesIn(program: Program, certain = true): Call[] {
  return program.body.flatMap((statement) => namesOf(statement, certain));
}

function namesOf(statement: Statement, certain: boolean): Call[] {
  const { type, path, name, params = [], hash, program, inverse } = statement;
  if (type === 'PartialStatement' || type === 'PartialBlockStatement') return name ? [call('partial', name)] : [];
  if (!path || (type !== 'MustacheStatement' && type !== 'BlockStatement')) return [];
  const args = [...params, ...(hash?.pairs.map(({ value }) => value) ?? [])].flatMap((value) => namesOfValue(value, certain));
  if (type === 'MustacheStatement') return params.length > 0 || hash ? [call('helper', path), ...args] : namesOfValue({ ...path }, certain);
  const helper = String(path.original);
  const isHelper = params.length > 0 || HELPERS.includes(helper);
  const own = isHelper ? [call('helper', path)] : namesOfValue({ ...path }, certain);
  // Only these leave the context as it is.
  const inside = certain && (helper === 'if' || helper === 'unless');
  return [
    ...own,
    ...(isTest(helper) ? [] : args),
    ...(program ? namesIn(program, inside) : []),
    ...(inverse ? namesIn(inverse, certain) : []),
  ];
}

/** To ask whether a value is there is no reason to miss it. */
const isTest = (helper: string): boolean => ['if', 'unless'].includes(helper);

function namesOfValue(value: Expression, certain: boolean): Call[] {
  if (value.type === 'SubExpression' && value.path)
    return [call('helper', value.path), ...(value.params ?? []).flatMap((inner) => namesOfValue(inner, certain))];
  if (value.type !== 'PathExpression' || !certain || value.data || (value.depth ?? 0) > 0 || (value.parts ?? []).length === 0) return [];
  return [call('value', value as Path)];
}

function call(kind: Call['kind'], { original, parts = [], loc }: Path): Call {
  return { kind, text: String(original), parts, line: loc.start.line, column: loc.start.column };
}
