import type { Json } from '../../schema/located.ts';

type JsonMap = { readonly [key: string]: Json };

/**
 * HCL 1 that reads as this object, laid out as `mesh fmt` does: objects as blocks, texts of several lines as heredocs. HCL has no
 * null: such fields are left out.
 */
export function writeHcl1(object: JsonMap): string {
  return body(object, '').join('');
}

/** Lines of the fields, each with its line break. The `=` of neighbours stand in one column. */
function body(object: JsonMap, indent: string): string[] {
  const lines: string[] = [];
  let neighbours: { key: string; value: string }[] = [];
  const flush = (): void => {
    const width = Math.max(...neighbours.map(({ key }) => characters(key)));
    for (const { key, value } of neighbours) lines.push(`${indent}${key}${' '.repeat(width - characters(key))} = ${value}\n`);
    neighbours = [];
  };
  for (const [name, value] of Object.entries(object)) {
    if (value === null) continue;
    const key = keyOf(name);
    if (isScalar(value) || Array.isArray(value)) {
      const text = typeof value === 'string' ? (heredoc(value) ?? quoted(value)) : isScalar(value) ? scalar(value) : list(value, indent);
      if (text.includes('\n')) flush();
      neighbours.push({ key, value: text });
      if (text.includes('\n')) flush();
    } else {
      flush();
      lines.push(`${indent}${key} ${block(value, indent)}\n`);
    }
  }
  flush();
  return lines;
}

function block(object: JsonMap, indent: string): string {
  const inside = body(object, `${indent}  `);
  return inside.length === 0 ? '{}' : `{\n${inside.join('')}${indent}}`;
}

/** Short lists of plain values stand on one line. */
function list(items: readonly Json[], indent: string): string {
  const values = items.filter((item) => item !== null);
  if (values.every(isScalar)) {
    const line = `[${values.map(scalar).join(', ')}]`;
    if (line.length + indent.length <= MAX_LINE) return line;
  }
  const inner = `${indent}  `;
  const lines = values.map(
    (item) => `${inner}${isScalar(item) ? scalar(item) : Array.isArray(item) ? list(item, inner) : block(item, inner)},\n`,
  );
  return `[\n${lines.join('')}${indent}]`;
}

const MAX_LINE = 100;

type Scalar = string | number | boolean;
const isScalar = (value: Json): value is Scalar => typeof value !== 'object';
const scalar = (value: Scalar): string => (typeof value === 'string' ? quoted(value) : String(value));
const keyOf = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : quoted(name));
const characters = (text: string): number => Array.from(text).length;

/** What `${` begins is copied raw up to its brace, without escapes: one that would hold any is broken up. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/\$\{(?![^"\\{}]*\})/g, '\\u0024{');
}

/** Undefined: it has one line, does not end with a line break, or holds something that only an escape can write. */
function heredoc(text: string): string | undefined {
  if (!/^[^\n]*\n[\s\S]*\n$/.test(text) || /[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\uffff]/.test(text)) return undefined;
  return /^\s*EOF/m.test(text) ? undefined : `<<EOF\n${text}EOF`;
}
