import { type Diagnostic, errorAt, hasErrors, warningAt } from '../../base/diagnostic.ts';
import { type Range, rangeOf, type Source } from '../../base/source.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Json } from '../../schema/located.ts';
import { engine } from './handlebars-engine.ts';
import { type Call, HELPERS, namesIn, type Program } from './handlebars-names.ts';

type Variables = { readonly [name: string]: Json };

/**
 * Renders the template of a block, as `renderHandlebars` does, but tells where something is wrong with it: names of helpers that
 * nobody has, and values that nobody gives, as well. Ranges are in the template.
 */
export function renderHandlebarsBlock(source: Source, variables: Variables): { text?: string; diagnostics: readonly Diagnostic[] } {
  try {
    const program = engine.parse(source.text);
    const diagnostics = checkNames(program as unknown as Program, source, variables);
    if (hasErrors(diagnostics)) return { diagnostics };
    return { text: engine.compile(program)(variables), diagnostics };
  } catch (error) {
    return { diagnostics: [problemOf(error, source)] };
  }
}

/** Names that are called and that nobody has are errors; values that nobody gives are written as nothing, which is a warning. */
function checkNames(program: Program, source: Source, variables: Variables): Diagnostic[] {
  return namesIn(program).flatMap((name: Call) => {
    const at = placeOf(source, name.line, name.column, name.text.length);
    if (name.kind === 'partial')
      return [errorAt(at, `there is no partial ${JSON.stringify(name.text)}`, { detail: 'a template is one text here' })];
    if (name.kind === 'helper')
      return HELPERS.includes(name.text)
        ? []
        : [
            errorAt(at, `there is no helper ${JSON.stringify(name.text)}`, {
              detail: `there are: ${HELPERS.join(', ')}`,
              ...didYouMean(name.text, HELPERS),
            }),
          ];
    const missing = firstMissing(name.parts, variables);
    if (!missing || HELPERS.includes(name.text)) return [];
    const detail =
      missing.known.length === 0 ? 'nothing is written for it' : `nothing is written for it; there are: ${missing.known.join(', ')}`;
    return [
      warningAt(at, `${JSON.stringify(missing.name)} has no value in "variables"`, { detail, ...didYouMean(missing.name, missing.known) }),
    ];
  });
}

function firstMissing(parts: readonly string[], variables: Variables): { name: string; known: string[] } | undefined {
  let value: Json | undefined = variables as Json;
  for (const name of parts) {
    if (value === null || typeof value !== 'object') return undefined;
    if (!Object.hasOwn(value, name)) return Array.isArray(value) ? undefined : { name, known: Object.keys(value) };
    value = (value as { [key: string]: Json })[name];
  }
  return undefined;
}

/** Of the compiler; the parser's errors are nothing but text. */
interface Problem {
  readonly message: string;
  readonly lineNumber?: number;
  readonly column?: number;
}

function problemOf(error: unknown, source: Source): Diagnostic {
  const { message, lineNumber, column } = error as Problem;
  const [first = '', excerpt = '', caret = '', tokens = ''] = message.split('\n');
  const parsed = /^(?:Parse|Lexical) error on line (\d+)/.exec(first)?.[1];
  if (parsed === undefined) {
    const at = lineNumber === undefined ? undefined : placeOf(source, lineNumber, column ?? 0, 1);
    return errorAt(at, first.replace(/ - \d+:\d+$/, ''));
  }
  const found = /got '(\w+)'/.exec(tokens)?.[1] ?? '';
  const line = Number(parsed);
  const at =
    found === 'EOF'
      ? rangeOf(source, source.text.length, source.text.length)
      : placeOf(source, line, columnOf(source, line, excerpt.slice(0, caret.length - 1)), 1);
  const detail = 'expected text, or "{{ … }}" with a name, a helper with its arguments, or a block ("{{#if x}}") and its end ("{{/if}}")';
  return errorAt(at, `the template can't be read here: ${FOUND[found] ?? 'something else is expected'}`, { detail });
}

/** The parser's names for what it found. */
const FOUND: Readonly<Record<string, string>> = {
  EOF: 'it ends too early',
  INVALID: 'this character can not stand here',
  CLOSE: 'a name is missing',
  OPEN_ENDBLOCK: 'nothing is open that could end',
};

/** The parser shows what comes before an error, without line ends: as much of it as this line has. */
function columnOf(source: Source, line: number, before: string): number {
  const text = source.text.split('\n')[line - 1] ?? '';
  for (let length = Math.min(before.length, text.length); length > 0; length--) {
    const at = text.indexOf(before.slice(-length));
    if (at !== -1) return at + length;
  }
  return 0;
}

function placeOf(source: Source, line: number, column: number, length: number): Range {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const next = source.text.indexOf('\n', start);
    if (next === -1) break;
    start = next + 1;
  }
  const from = Math.min(start + column, source.text.length);
  return rangeOf(source, from, Math.min(from + length, source.text.length));
}
