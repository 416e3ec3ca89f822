import { describeType, type Located } from '../../../schema/located.ts';
import { decimalOf, textValue, toBool, toText } from '../convert.ts';
import { type Decimal, formatDecimal } from '../decimal.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { define, type FunctionTable } from './define.ts';
import { encodeJson } from './encoding.ts';
import { formatNumber } from './format-number.ts';
import { graphemes } from './strings.ts';
import { textsValue } from './values.ts';

export const FORMAT: FunctionTable = {
  format: define(
    {
      parameters: { format: 'text' },
      variadic: ['values', 'any'],
      doc: 'A text with values in the places of `%s`, `%d`, `%v` … (those of Go, with widths, precisions and `[n]`; `%#v` is JSON).',
      example: ['format("%s:%05.1f %q", "web", 2.25, "x")', 'web:002.2 "x"'],
    },
    ({ format }, values) => {
      const text = formatted(format, values);
      return typeof text === 'string' ? textValue(text) : text;
    },
  ),
  formatlist: define(
    {
      parameters: { format: 'text' },
      variadic: ['values', 'any'],
      doc: 'A list of texts, one for each item of the lists among the values, which are of one length.',
      example: ['formatlist("%s:%d", ["web", "api"], 80)', ['web:80', 'api:80']],
    },
    ({ format }, values) => formatList(format, values),
  ),
};

function formatList(format: string, values: readonly Located[]): Located | FunctionFailure {
  const lists = values.filter((value) => value.type === 'list');
  const length = lists[0]?.items.length ?? 1;
  const other = values.findIndex((value) => value.type === 'list' && value.items.length !== length);
  if (other !== -1) return failure(`the lists are not of one length, ${length}`, other + 1);
  const texts: string[] = [];
  for (let i = 0; i < length; i++) {
    const text = formatted(
      format,
      values.map((value) => (value.type === 'list' ? value.items[i]! : value)),
    );
    if (typeof text !== 'string') return text;
    texts.push(text);
  }
  return textsValue(texts);
}

const VERB = /%(?:%|([-+#0 ]*)(\d*)(\.\d*)?(?:\[(\d+)\])?([A-Za-z]|[^A-Za-z]|$))/gu;

/** What follows a `%`. */
export interface Verb {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
}

function formatted(format: string, values: readonly Located[]): string | FunctionFailure {
  let text = '';
  let from = 0;
  let next = 0;
  let used = 0;
  for (const match of format.matchAll(VERB)) {
    text += format.slice(from, match.index);
    from = match.index + match[0].length;
    if (match[0] === '%%') {
      text += '%';
      continue;
    }
    const [written, flags = '', width = '', precision, position, letter = ''] = match;
    if (letter === '' || precision === '.') return failure(`${JSON.stringify(written)} in the format is not complete`, 0);
    const index = position === undefined ? next : Number(position) - 1;
    next = index + 1;
    used = Math.max(used, next);
    const value = values[index];
    if (!value) return failure(`there is no value ${index + 1} for ${JSON.stringify(written)}`, 0);
    const verb: Verb = {
      flags,
      width: Math.min(Number(width), 10_000),
      precision: precision === undefined ? undefined : Number(precision.slice(1)),
      letter,
    };
    const piece = formatValue(verb, value);
    if (typeof piece !== 'string') return failure(`${JSON.stringify(written)} ${piece.wrong}`, piece.ofFormat ? 0 : index + 1);
    text += piece;
  }
  if (used < values.length) return failure(`there are ${values.length} values, and the format uses ${used}`, used + 1);
  return text + format.slice(from);
}

interface Wrong {
  readonly wrong: string;
  /** The format itself is wrong, not the value. */
  readonly ofFormat?: boolean;
}

function formatValue(verb: Verb, value: Located): string | Wrong {
  const { letter, flags } = verb;
  const needs = (what: string): Wrong => ({ wrong: `needs ${what}, not ${describeType(value)}` });
  if (letter === 'v') {
    if (!flags.includes('#') && value.type === 'string') return padded(verb, value.value);
    const number = flags.includes('#') ? undefined : numberOf(value);
    return padded(verb, number ? formatNumber({ ...verb, flags: '', width: 0, letter: 'g' }, number) : encodeJson(value));
  }
  if (letter === 't') return toBool(value) === undefined ? needs('true or false') : String(toBool(value));
  if (letter === 's' || letter === 'q') {
    const text = toText(value);
    if (text === undefined) return needs('a string');
    const cut = verb.precision ? graphemes(text).slice(0, verb.precision).join('') : text;
    return padded(verb, letter === 's' ? cut : encodeJson(textValue(cut)));
  }
  if (!'bdoxXeEfgG'.includes(letter)) return { wrong: 'has no meaning in a format', ofFormat: true };
  const number = decimalOf(value);
  if (!number) return needs('a number');
  if ('bdoxX'.includes(letter) && formatDecimal(number).includes('.')) return needs('a whole number');
  return formatNumber(verb, number);
}

const numberOf = (value: Located): Decimal | undefined => (value.type === 'number' ? decimalOf(value) : undefined);

function padded({ flags, width }: Verb, text: string): string {
  const missing = width - graphemes(text).length;
  if (missing <= 0) return text;
  const pad = (flags.includes('0') ? '0' : ' ').repeat(missing);
  return flags.includes('-') ? text + pad : pad + text;
}
