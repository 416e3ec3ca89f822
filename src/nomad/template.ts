import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import { errorHere, type Place, rangeAt, rangeInside, valueAt } from '../schema/place.ts';
import type { Values } from './interpolate.ts';
import type { Template } from './task-schema.ts';

/** What the functions of consul-template need that are not here, and what to do instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  key: 'there is no key-value store; write the value into `env` of the task, and here {{ env "NAME" }}',
  keyOrDefault: 'there is no key-value store; write the value into `env` of the task, and here {{ env "NAME" }}',
  keyExists: 'there is no key-value store',
  ls: 'there is no key-value store',
  tree: 'there is no key-value store',
  service:
    'templates are rendered once, and don\'t follow the catalog; call the service by an upstream: {{ env "NOMAD_UPSTREAM_ADDR_<service>" }}',
  services: "templates are rendered once, and don't follow the catalog",
  connect: "templates are rendered once, and don't follow the catalog; call the service by an upstream",
  nomadService: 'services are registered in Consul; call the service by an upstream',
  nomadVar: 'there are no variables of Nomad; write the value into `env` of the task',
  secret: 'there is no Vault; write the value into `env` of the task',
  secrets: 'there is no Vault; write the value into `env` of the task',
  range: 'a list has no values here that could be gone through; write the lines out',
  with: 'write the text without a condition',
  if: 'write the text without a condition',
};

/** Functions of one text. */
const TEXT: Readonly<Record<string, (text: string) => string>> = {
  toLower: (text) => text.toLowerCase(),
  toUpper: (text) => text.toUpperCase(),
  trimSpace: (text) => text.trim(),
  toJSON: (text) => JSON.stringify(text),
  base64Encode: (text) => Buffer.from(text).toString('base64'),
};

const KNOWN = ['env', 'envOrDefault', ...Object.keys(TEXT)];

/**
 * The text of a template: consul-template's language as far as it reads the environment. `{{ env "NAME" }}`, perhaps with `|
 * toUpper` behind it, texts, comments, and `-` to trim around an action; what would need a store or the catalog is refused by name.
 */
export function renderTemplate(
  { data = '', left_delimiter: left, right_delimiter: right }: Template,
  values: Values,
  at: Place,
  out: Diagnostic[],
): string {
  const text = data;
  let result = '';
  let from = 0;
  let trimNext = false;
  for (;;) {
    const start = text.indexOf(left, from);
    const before = text.slice(from, start === -1 ? text.length : start);
    const piece = trimNext ? before.trimStart() : before;
    if (start === -1) return result + piece;
    const end = text.indexOf(right, start + left.length);
    if (end === -1) {
      out.push(problem(at, text, start, text.length, 'this action is not closed', { hint: `write ${left} … ${right}` }));
      return result;
    }
    let inner = text.slice(start + left.length, end);
    result += /^-\s/.test(inner) ? piece.trimEnd() : piece;
    trimNext = /\s-$/.test(inner);
    inner = inner.replace(/^-(?=\s)|(?<=\s)-$/g, '').trim();
    const value = inner.startsWith('/*')
      ? ''
      : action(inner, values, (summary, more) => out.push(problem(at, text, start, end + right.length, summary, more)));
    // The first mistake is the last: what a block would repeat is none of its own.
    if (value === undefined) return result;
    result += value;
    from = end + right.length;
  }
}

type Report = (summary: string, more?: Partial<Diagnostic>) => void;

/** `env "X" | toUpper`: the value of the first command goes to the next one. Undefined where something is wrong. */
function action(text: string, { env }: Values, report: Report): string | undefined {
  let value: string | undefined;
  for (const command of text.split('|').map((part) => part.trim())) {
    const words = [...command.matchAll(/"((?:[^"\\]|\\.)*)"|`([^`]*)`|([^\s"`]+)/g)].map((match) => ({
      name: match[3],
      text: match[1] === undefined ? match[2] : unescaped(match[1]),
    }));
    const [first, ...rest] = words;
    const args = [...rest.flatMap((word) => (word.text === undefined ? [] : [word.text])), ...(value === undefined ? [] : [value])];
    if (first?.text !== undefined && rest.length === 0 && value === undefined) value = first.text;
    else if (first?.name === 'env' && args.length === 1) value = env[args[0]!] ?? '';
    else if (first?.name === 'envOrDefault' && args.length === 2) value = env[args[0]!] || args[1]!;
    else if (first?.name !== undefined && Object.hasOwn(TEXT, first.name) && args.length === 1) value = TEXT[first.name]!(args[0]!);
    else {
      refuse(
        words.flatMap(({ name }) => name ?? []),
        command,
        report,
      );
      return undefined;
    }
  }
  return value ?? '';
}

/** Says why a command can't be used, by the most telling of its words: `range service "web"` is about `service`. */
function refuse(names: readonly string[], command: string, report: Report): void {
  const name = names.findLast((one) => Object.hasOwn(ELSEWHERE, one)) ?? names[0] ?? command;
  if (KNOWN.includes(name)) {
    report(`"${command}" is not how ${name} is used`, {
      hint: name === 'envOrDefault' ? 'envOrDefault "NAME" "otherwise"' : 'env "NAME", or env "NAME" | toUpper',
    });
  } else if (Object.hasOwn(ELSEWHERE, name)) report(`"${name}" can't be used in a template here`, { hint: ELSEWHERE[name]! });
  else report(`"${name}" can't be used in a template here`, { hint: `known here: ${KNOWN.join(', ')}`, ...didYouMean(name, KNOWN) });
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c));
}

/** At the action in the job file if it can be found there: a heredoc keeps its lines. */
function problem(at: Place, text: string, start: number, end: number, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const whole = rangeAt(at);
  const written = whole?.source.text.slice(whole.start, whole.end) ?? '';
  const found = valueAt(at)?.type === 'string' ? written.indexOf(text.slice(start, end)) : -1;
  if (whole && found !== -1)
    return errorAt({ source: whole.source, start: whole.start + found, end: whole.start + found + end - start }, summary, more);
  const inside = rangeInside(at, start, end);
  return errorHere(at, summary, { ...more, ...(inside ? { subject: inside } : {}) });
}

/** `NAME=value` lines; quotes around a value are not part of it. */
export function envOfTemplate(text: string): Record<string, string> {
  const env: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][\w.]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match && !line.trim().startsWith('#')) env[match[1]!] = match[2]!.replace(/^(["'])(.*)\1$/, '$2');
  }
  return env;
}
