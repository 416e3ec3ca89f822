import type { ExplainDetail, ExplainStep, Explanation, Origin, SentCall } from '../../api/explanation.ts';
import { printable } from '../../ui/printable.ts';
import type { Style } from '../../ui/style.ts';
import { wrap } from '../../ui/wrap.ts';
import { type Folders, originText } from './shown-place.ts';

export interface Shown extends Folders {
  readonly style: Style;
  /** Columns of the terminal; absent: lines may be of any length. */
  readonly width: number | undefined;
}

const MARKS = { ok: '✓', no: '✗', info: '•' } as const;
const DETAIL_MARKS = { chosen: '▸', passed: '·', after: '·', info: '•' } as const;
const KIND_WIDTH = 11;
/** More of a kind are only counted: `--json` has them all. */
const MAX_LISTED = 8;
const INDENT = '    ';
/** A narrower terminal breaks lines itself. */
const MIN_TEXT = 30;

/** The steps, and what comes of it. */
export function explanationText(explanation: Explanation, shown: Shown): string {
  const { style } = shown;
  const steps = explanation.steps.flatMap((step) => stepLines(step, explanation, shown));
  return [style.bold(printable(title(explanation))), '', ...steps, '', ...verdictLines(explanation, shown)].join('\n');
}

function title({ source, destination, protocol, request }: Explanation): string {
  if (!request) return `${source} -> ${destination}${protocol === '' ? '' : `: a connection (${protocol})`}`;
  const fields = request.headers.filter(([name]) => name.toLowerCase() !== 'host').map(([name, value]) => `${name}: ${value}`);
  return `${source} -> ${destination}: ${[`${request.method} ${request.path}`, ...fields].join(', ')}`;
}

function stepLines(step: ExplainStep, explanation: Explanation, shown: Shown): string[] {
  const { style } = shown;
  const paint = { ok: style.good, no: style.error, info: style.dim }[step.state];
  const way = step.way === undefined ? undefined : explanation.ways[step.way];
  const part = way ? `${way.weight} %: ` : '';
  const head = `${paint(MARKS[step.state])} ${style.bold(step.kind.padEnd(KIND_WIDTH))} `;
  const text = printable(`${part}${step.text}`);
  return [
    ...withOrigin({ head, text, paint: plain, indent: 2 + KIND_WIDTH + 1, origin: step.origin }, shown),
    ...detailLines(step.details, { indent: INDENT, above: step.origin }, shown),
  ];
}

interface Said {
  readonly head: string;
  readonly text: string;
  /** Of each line of the text. */
  readonly paint: (text: string) => string;
  /** Columns that the head takes. */
  readonly indent: number;
  readonly origin: Origin | undefined;
}

const plain = (text: string): string => text;

/** A text of as many lines as it needs, and its origin behind it, or below it where there is no room. */
function withOrigin({ head, text, paint, indent, origin }: Said, shown: Shown): string[] {
  const { style, width = Number.POSITIVE_INFINITY } = shown;
  const margin = ' '.repeat(indent);
  const lines = wrap(text, Math.max(width - indent, MIN_TEXT)).map((line) => line.trimEnd());
  const shownLines = lines.map((line, i) => `${i === 0 ? head : margin}${paint(line)}`);
  if (!origin) return shownLines;
  const said = `[${originText(origin, shown)}]`;
  if (indent + lines.at(-1)!.length + 2 + said.length > width) return [...shownLines, `${margin}${style.dim(said)}`];
  return [...shownLines.slice(0, -1), `${shownLines.at(-1)}  ${style.dim(said)}`];
}

interface Place {
  readonly indent: string;
  /** Said already. */
  readonly above: Origin | undefined;
}

function detailLines(details: readonly ExplainDetail[], place: Place, shown: Shown): string[] {
  const { indent } = place;
  const listed = shortened(details);
  const widest = Math.min(40, Math.max(0, ...listed.map((one) => (typeof one === 'string' ? 0 : one.text.length))));
  return listed.flatMap((one) => (typeof one === 'string' ? [`${indent}${shown.style.dim(one)}`] : detail(one, place, widest, shown)));
}

function detail(one: ExplainDetail, { indent, above }: Place, widest: number, shown: Shown): string[] {
  const { style } = shown;
  const paint = one.state === 'chosen' ? style.good : style.dim;
  const reason = one.state === 'after' ? 'not looked at' : one.reason;
  const text = printable(reason === undefined ? one.text : `${one.text.padEnd(widest)}  ${reason}`);
  const head = `${indent}${paint(DETAIL_MARKS[one.state])} `;
  const isNews = one.state !== 'after' && one.origin?.of !== above?.of && !one.origin?.of.startsWith('registration of ');
  const origin = isNews ? one.origin : undefined;
  const lines = withOrigin({ head, text, paint: one.state === 'chosen' ? plain : style.dim, indent: indent.length + 2, origin }, shown);
  return [...lines, ...detailLines(one.details ?? [], { indent: `${indent}${INDENT}`, above: one.origin }, shown)];
}

/** Of many that were passed over, or not looked at, the first and the last say enough. */
function shortened(details: readonly ExplainDetail[]): readonly (ExplainDetail | string)[] {
  if (details.length <= MAX_LISTED) return details;
  const at = details.findIndex(({ state }) => state === 'chosen');
  const kept = new Set([0, 1, 2, at - 2, at - 1, at, at + 1, details.length - 1].filter((i) => i >= 0));
  const lines: (ExplainDetail | string)[] = [];
  let skipped = 0;
  const flush = (): void => {
    if (skipped > 0) lines.push(`… ${skipped} more: --json has them all`);
    skipped = 0;
  };
  for (const [i, one] of details.entries()) {
    if (kept.has(i) || (one.state === 'chosen' && details.length <= 2 * MAX_LISTED)) {
      flush();
      lines.push(one);
    } else skipped++;
  }
  flush();
  return lines;
}

const TO_CHANGE = 'to change that:';
const VERDICTS = { passes: 'It would pass', denied: 'It would be denied', undeliverable: 'It would not arrive' } as const;

function verdictLines({ verdict, summary, fix }: Explanation, { style, width = Number.POSITIVE_INFINITY }: Shown): string[] {
  const paint = verdict === 'passes' ? style.good : style.error;
  const said = `${printable(summary)}${/[.?]$/.test(summary) ? '' : '.'}`;
  const [first = '', ...rest] = wrap(`${VERDICTS[verdict]}: ${said}`, Math.max(width, MIN_TEXT));
  const lines = [first.replace(/^[^:]*:/, (head) => paint(head)), ...rest];
  if (fix === undefined) return lines;
  const [command, ...more] = fix.split('\n').map(printable);
  // A command is not broken: it is there to be copied.
  const isOneLine = command!.startsWith('mesh ') || TO_CHANGE.length + 1 + command!.length <= width;
  if (more.length === 0 && isOneLine) return [...lines, `${style.dim(TO_CHANGE)} ${style.bold(command!)}`];
  if (more.length === 0) return [...lines, style.dim(TO_CHANGE), ...wrap(command!, Math.max(width, MIN_TEXT)).map(style.bold)];
  return [...lines, style.dim(TO_CHANGE), command!, ...more];
}

/** What really happened, beside what was said. */
export function sentText({ ways }: Explanation, sent: SentCall, { style }: Shown): string {
  const { result, status, durationMs, way, reason } = sent;
  const answer = result === 'answered' ? String(status) : result;
  const which = way === undefined || ways.length < 2 ? '' : `, the part of ${ways[way]!.weight} %`;
  const head = `${style.bold('Sent:')} ${answer} in ${durationMs.toFixed(1)} ms${which}`;
  const lines = sent.findings.map(({ kind, agrees, said, seen }) => {
    const mark = agrees ? style.good('✓') : style.error('✗');
    return `${mark} ${style.bold(kind.padEnd(KIND_WIDTH))} ${printable(agrees ? seen : `${seen}, not ${said}`)}`;
  });
  const because = reason === undefined ? [] : [style.dim(printable(`  ${reason}`))];
  return [head, ...because, ...lines].join('\n');
}
