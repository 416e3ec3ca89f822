import { join } from 'node:path';
import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import type { Range, Source } from '../base/source.ts';
import { decimalOf, numberValue, toBool, toText } from '../hcl/hcl2/convert.ts';
import { evaluate, parseHcl2, type Scope } from '../hcl/hcl2/index.ts';
import { describeType, type Located } from '../schema/located.ts';
import { prepareTemplates } from './functions/template-renderer.ts';
import type { LoadOptions } from './loaded.ts';
import { shownPath } from './paths.ts';

/** A value of a variable from outside its declaration: of the language, or as text (command line, environment). */
export interface GivenValue {
  readonly name: string;
  /** What it is called in messages: `--var region`, `MESH_VAR_region`, `prod.vars`. */
  readonly origin: string;
  readonly range?: Range;
  readonly value: Located | string;
}

/** What the files say that hold nothing but `name = value`: the `*.vars` of the blueprint's folder, then those of `--vars-file`. */
export async function valuesOfFiles(
  folder: string,
  { files, given, cwd }: LoadOptions,
  scopeOf: (file: string) => Scope,
  report: (...found: Diagnostic[]) => void,
): Promise<GivenValue[]> {
  const own = ((await files.list(folder)) ?? []).filter((name) => name.endsWith('.vars')).map((name) => join(folder, name));
  const values: GivenValue[] = [];
  for (const path of [...own, ...(given?.files ?? [])]) {
    const name = shownPath(path, cwd);
    const text = await files.read(path).catch(() => undefined);
    await prepareTemplates(text ?? '');
    if (text === undefined)
      report(errorAt(undefined, `can't read the vars file ${name}`, { hint: 'its path starts from the current folder' }));
    else values.push(...valuesOf({ name, text }, scopeOf(path), report));
  }
  return values;
}

function valuesOf(source: Source, scope: Scope, report: (...found: Diagnostic[]) => void): GivenValue[] {
  const { body, diagnostics } = parseHcl2(source);
  report(...diagnostics);
  for (const block of body.blocks) {
    report(errorAt(block.headerRange, `a vars file holds values, no blocks`, { detail: 'write one value a line: region = "eu"' }));
  }
  return body.attributes.map(({ name, nameRange, value: expression }) => {
    const { value, diagnostics: problems } = evaluate(expression, scope);
    report(...problems);
    return { name, origin: source.name, range: nameRange, value };
  });
}

/** What a variable of the environment begins with that gives one of a blueprint: this program's own beats Jumppad's and Shipyard's. */
export const VARIABLE_PREFIXES = ['MESH_VAR_', 'JUMPPAD_VAR_', 'SY_VAR_'] as const;

/** From the environment. What other blueprints declare may stand there too. */
export function valueOfEnvironment(name: string, env: LoadOptions['env']): GivenValue | undefined {
  for (const prefix of VARIABLE_PREFIXES) {
    const value = env[`${prefix}${name}`];
    if (value !== undefined) return { name, origin: `${prefix}${name}`, value };
  }
  return undefined;
}

/**
 * A given value in the type of the variable's default: text becomes a number, a bool, a list or an object if the default is
 * one. Without a default, or with one that is a string or null, text stays text.
 */
export function inTypeOf(model: Located | undefined, given: GivenValue): { value: Located; problems: readonly Diagnostic[] } {
  const { value } = given;
  const located: Located = typeof value === 'string' ? { type: 'string', value } : value;
  const mismatch = (found: string): { value: Located; problems: Diagnostic[] } => ({
    value: model ?? located,
    problems: [
      errorAt(given.range, `variable "${given.name}" is ${describeType(model ?? located)}, but ${given.origin} gives ${found}`, {
        detail: 'the type is that of its default',
      }),
    ],
  });
  const found = typeof value === 'string' ? JSON.stringify(value) : describeType(value);
  switch (model?.type) {
    case 'number': {
      const decimal = decimalOf(located);
      return decimal ? { value: numberValue(decimal), problems: [] } : mismatch(found);
    }
    case 'bool': {
      const bool = toBool(located);
      return bool === undefined ? mismatch(found) : { value: { type: 'bool', value: bool }, problems: [] };
    }
    case 'list':
    case 'map': {
      const parsed = typeof value === 'string' ? expressionOf(value, given.origin) : { value: located, problems: [] };
      return parsed.problems.length > 0 || parsed.value.type === model.type ? parsed : mismatch(found);
    }
    case 'string': {
      const text = toText(located);
      return { value: text === undefined ? located : { type: 'string', value: text }, problems: [] };
    }
    case 'null':
    case 'unknown':
    case undefined:
      return { value: located, problems: [] };
  }
}

/** A list or an object on the command line is written as in a blueprint: `--var 'ports=[8080, 9090]'`. JSON reads the same. */
function expressionOf(text: string, origin: string): { value: Located; problems: readonly Diagnostic[] } {
  const nothing: Located = { type: 'null' };
  const { body, diagnostics } = parseHcl2({ name: origin, text: `value = ${text}\n` });
  const expression = body.attributes[0]?.value;
  if (diagnostics.length > 0 || !expression) return { value: nothing, problems: diagnostics };
  const { value, diagnostics: problems } = evaluate(expression, { variables: new Map(), functions: new Map() });
  return { value, problems };
}
