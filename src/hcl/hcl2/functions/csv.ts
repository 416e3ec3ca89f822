import type { Result } from '../../../base/result.ts';

export interface CsvRecord {
  /** Counted from 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * CSV as RFC 4180 and Go's encoding/csv read it: fields with commas, quotes or line breaks stand in quotes, a quote in them
 * twice; empty lines are nothing.
 */
export function parseCsv(text: string): Result<CsvRecord[], string> {
  const records: CsvRecord[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const start = line;
    const fields: string[] = [];
    for (let more = true; more; ) {
      const quoted = text[at] === '"';
      const field = quoted ? readQuoted(text, at) : readPlain(text, at);
      if (!field.ok) return { ok: false, error: `line ${line}: ${field.error}` };
      fields.push(field.value.text);
      line += text.slice(at, field.value.end).split('\n').length - 1;
      at = field.value.end;
      more = text[at] === ',';
      if (more) at++;
      else if (at < text.length) {
        at += text[at] === '\r' ? 2 : 1;
        line++;
      }
    }
    if (fields.length > 1 || fields[0] !== '' || text[at - 2] === '"') records.push({ line: start, fields });
  }
  return { ok: true, value: records };
}

type Field = Result<{ readonly text: string; readonly end: number }, string>;

function readPlain(text: string, start: number): Field {
  const pattern = /(?:[^,\r\n]|\r(?!\n))*/y;
  pattern.lastIndex = start;
  const value = pattern.exec(text)![0];
  if (value.includes('"')) return { ok: false, error: 'a quote stands in a field without quotes around it' };
  return { ok: true, value: { text: value, end: start + value.length } };
}

function readQuoted(text: string, start: number): Field {
  const pattern = /"((?:[^"]|"")*)"/y;
  pattern.lastIndex = start;
  const match = pattern.exec(text);
  if (!match) return { ok: false, error: 'a quote is never closed' };
  const end = start + match[0].length;
  if (end < text.length && !/^(?:,|\r?\n)/.test(text.slice(end, end + 2))) return { ok: false, error: 'something follows a closing quote' };
  return { ok: true, value: { text: match[1]!.replaceAll('""', '"').replaceAll('\r\n', '\n'), end } };
}
