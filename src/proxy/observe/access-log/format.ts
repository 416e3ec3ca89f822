import { isOperator, OPERATOR } from '../../../base/envoy-format.ts';
import type { AccessLogs } from '../../../compile/proxy-config.ts';
import type { LogEntry } from './entry.ts';
import { type LogValue, OPERATORS } from './operators.ts';

/** Makes a text of an entry: a line with its line break, or the value of a header. */
export type LineFormat = (entry: LogEntry) => string;

type Part = string | ((entry: LogEntry) => LogValue);

/** A format as a function, made once. `unknown` is told which operators there are not; they are as if there were nothing to say. */
export function compileFormat(format: AccessLogs['format'], unknown: (operator: string) => void): LineFormat {
  if ('text' in format) {
    return joined(partsOf(format.text, unknown), '-');
  }
  const value = compileJson(format.json, unknown);
  return (entry) => `${JSON.stringify(value(entry))}\n`;
}

/** Envoy: a text that is one operator has its value, a number as such and nothing as null; any other is a text. */
function compileJson(value: unknown, unknown: (operator: string) => void): (entry: LogEntry) => unknown {
  if (typeof value === 'string') return compileText(value, unknown);
  if (Array.isArray(value)) {
    const items = value.map((item) => compileJson(item, unknown));
    return (entry) => items.map((item) => item(entry));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  const fields = Object.entries(value).map(([name, field]) => [name, compileJson(field, unknown)] as const);
  return (entry) => Object.fromEntries(fields.map(([name, field]) => [name, field(entry)]));
}

function compileText(text: string, unknown: (operator: string) => void): (entry: LogEntry) => unknown {
  const parts = partsOf(text, unknown);
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'function') return (entry) => only(entry) ?? null;
  return joined(parts, '-');
}

/** The value of a header as a function, or as a text when nothing in it depends on the request. What isn't there leaves nothing. */
export function compileValue(text: string, unknown: (operator: string) => void): string | LineFormat {
  const parts = partsOf(text, unknown);
  const texts = parts.filter((part) => typeof part === 'string');
  return texts.length === parts.length ? texts.join('') : joined(parts, '');
}

/** Envoy: in a line `-` stands for what isn't there. */
function joined(parts: readonly Part[], nothing: string): LineFormat {
  return (entry) => parts.map((part) => (typeof part === 'string' ? part : textOf(part(entry), nothing))).join('');
}

function partsOf(text: string, unknown: (operator: string) => void): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(OPERATOR)) {
    parts.push(text.slice(end, match.index));
    parts.push(partOf(match, unknown));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== '');
}

function partOf([whole, name, argument = '', length]: RegExpMatchArray, unknown: (operator: string) => void): Part {
  if (name === undefined) return '%';
  if (!isOperator(name)) {
    unknown(whole);
    return () => undefined;
  }
  const operator = OPERATORS[name];
  if (length === undefined) return (entry) => operator(entry, argument);
  return (entry) => {
    const value = operator(entry, argument);
    return typeof value === 'string' ? value.slice(0, Number(length)) : value;
  };
}

/** What clients send may not begin a line of its own. */
function textOf(value: LogValue, nothing: string): string {
  return value === undefined ? nothing : String(value).replaceAll(/[\r\n]/g, ' ');
}
