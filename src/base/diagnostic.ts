import { describeRange, lineAt, positionOf, type Range } from './source.ts';
import { SUGGESTION } from './suggest.ts';

export type Severity = 'error' | 'warning';

/** One thing that is wrong with the user's input. Collected, never thrown one by one. */
export interface Diagnostic {
  readonly severity: Severity;
  /** What is wrong, one line, no full stop. */
  readonly summary: string;
  /** What was expected, or why it matters. */
  readonly detail?: string;
  /** What to do next: the nearest valid name, the command to type. */
  readonly hint?: string;
  /** The characters at fault. */
  readonly subject?: Range;
  /** A second place that explains the first: the brace that was never closed, the earlier definition. */
  readonly related?: { readonly range: Range; readonly message: string };
  /** What the names in a failed expression stand for. */
  readonly values?: readonly UsedValue[];
  /** Path inside a decoded value, in Consul's notation: `Routes[0].Match.HTTP`. */
  readonly path?: string;
}

/** `var.region` and `"eu"`: shortened, and not the value of what looks secret. */
export interface UsedValue {
  readonly name: string;
  readonly value: string;
}

export function errorAt(subject: Range | undefined, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return { severity: 'error', summary, ...(subject ? { subject } : {}), ...more };
}

export function warningAt(subject: Range | undefined, summary: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return { ...errorAt(subject, summary, more), severity: 'warning' };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** Where something stands: lines and columns from 1, columns in code points; bytes from 0, of the file in UTF-8. Ends are behind it. */
export interface PlaceJson {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  startByte: number;
  endByte: number;
  /** The whole line on which it begins. */
  excerpt: string;
}

/** The stable `--json` form: flat, with everything a tool needs to draw the excerpt itself. Explained in docs/diagnostics.md. */
export interface DiagnosticJson extends Partial<PlaceJson> {
  severity: Severity;
  summary: string;
  detail?: string;
  hint?: string;
  path?: string;
  values?: UsedValue[];
  related?: PlaceJson & { message: string };
}

export function diagnosticToJson(d: Diagnostic): DiagnosticJson {
  const json: DiagnosticJson = { severity: d.severity, summary: d.summary };
  if (d.detail !== undefined) json.detail = d.detail;
  if (d.hint !== undefined) json.hint = d.hint;
  if (d.path !== undefined) json.path = d.path;
  if (d.values !== undefined) json.values = [...d.values];
  if (d.subject) Object.assign(json, placeToJson(d.subject));
  if (d.related) json.related = { ...placeToJson(d.related.range), message: d.related.message };
  return json;
}

function placeToJson({ source, start, end }: Range): PlaceJson {
  const [from, to] = [positionOf(source, start), positionOf(source, end)];
  return {
    file: source.name,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    startByte: bytesBefore(source.text, start),
    endByte: bytesBefore(source.text, end),
    excerpt: lineAt(source, start),
  };
}

const bytesBefore = (text: string, offset: number): number => new TextEncoder().encode(text.slice(0, offset)).length;

/** How a diagnostic is coloured; the identity by default, so that pipes stay plain. */
export interface DiagnosticStyle {
  readonly error: (s: string) => string;
  readonly warning: (s: string) => string;
  readonly dim: (s: string) => string;
  readonly bold: (s: string) => string;
}

const plain: DiagnosticStyle = { error: (s) => s, warning: (s) => s, dim: (s) => s, bold: (s) => s };

/**
 * Renders a diagnostic for people:
 *
 *     v2/web.hcl:3:21: error: unsupported attribute "verson"
 *       3 |   verson = "1"
 *         |   ^^^^^^
 *       hint: did you mean "version"?
 */
export function renderDiagnostic(d: Diagnostic, style: DiagnosticStyle = plain): string {
  const paint = d.severity === 'error' ? style.error : style.warning;
  const where = d.subject ? `${style.bold(`${describeRange(d.subject)}:`)} ` : '';
  const lines = [`${where}${paint(`${d.severity}:`)} ${d.summary}`];
  if (d.subject) lines.push(...renderExcerpt(d.subject, style, paint));
  for (const { name, value } of d.values ?? []) lines.push(`  ${name} is ${value}`);
  if (d.detail !== undefined) lines.push(...d.detail.split('\n').map((l) => `  ${l}`));
  if (d.related) {
    lines.push(`  ${describeRange(d.related.range)}: ${d.related.message}`);
    lines.push(...renderExcerpt(d.related.range, style, style.dim));
  }
  if (d.hint !== undefined) lines.push(`  hint: ${d.hint}`);
  return lines.join('\n');
}

/** On one line, for what is no obstacle: the place, the point, and the nearest valid name if there is one. */
export function renderBriefly({ severity, summary, subject, hint = '' }: Diagnostic): string {
  const where = subject ? `${describeRange(subject)}: ` : '';
  return `${where}${severity}: ${summary}${hint.startsWith(SUGGESTION) ? `; ${hint}` : ''}`;
}

const MAX_EXCERPT = 160;

function renderExcerpt(range: Range, style: DiagnosticStyle, paint: (s: string) => string): string[] {
  const { line, column } = positionOf(range.source, range.start);
  const whole = Array.from(lineAt(range.source, range.start));
  const from = column > MAX_EXCERPT ? column - 1 - MAX_EXCERPT / 2 : 0;
  const shown = whole.slice(from, from + MAX_EXCERPT);
  const length = Array.from(range.source.text.slice(range.start, range.end).split('\n', 1)[0]!).length;
  const caretAt = column - 1 - from;
  const carets = Math.max(1, Math.min(length, shown.length - caretAt));
  // Tabs keep their width under the caret line only if the padding repeats them.
  const padding = shown.slice(0, caretAt).map((c) => (c === '\t' ? '\t' : ' '));
  const pad = ' '.repeat(Math.max(0, caretAt - shown.length));
  const number = String(line);
  return [
    `  ${style.dim(`${number} |`)} ${shown.join('')}`,
    `  ${style.dim(`${' '.repeat(number.length)} |`)} ${padding.join('')}${pad}${paint('^'.repeat(carets))}`,
  ];
}
