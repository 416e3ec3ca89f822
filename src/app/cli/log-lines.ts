/** A line of a log, and when it was written, as far as it, or a line before it, says so. */
export interface LogLine {
  /** Which log, from 0. */
  readonly log: number;
  readonly line: string;
  /** Milliseconds since the epoch. */
  readonly at: number | undefined;
}

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?`;
/** At its beginning, or in a field of a line of JSON. */
const LEADING = new RegExp(`^\\[?(${TIME})`);
const FIELD = new RegExp(`^\\{.*?"(?:@?timestamp|time|ts|start_time)":"(${TIME})"`);

/** The time that a line itself says; one without a zone is that of this machine. */
export function timeOf(line: string): number | undefined {
  const text = (LEADING.exec(line) ?? FIELD.exec(line))?.[1];
  if (text === undefined) return undefined;
  const at = Date.parse(text.replace(' ', 'T').replace(',', '.'));
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The lines of several logs in the order of their times. A line without one stays with the line before it, as those of a stack
 * trace do; logs that know no times come first. Lines of one log never change places.
 */
export function mergeLogs(logs: readonly (readonly string[])[]): LogLine[] {
  const all = logs.flatMap((lines, log) => timed(lines, log));
  if (logs.length === 1) return all.map(({ entry }) => entry);
  return all.sort((a, b) => (a.order === b.order ? 0 : a.order - b.order)).map(({ entry }) => entry);
}

function timed(lines: readonly string[], log: number): { readonly entry: LogLine; readonly order: number }[] {
  const times = lines.map(timeOf);
  let at = times.find((time) => time !== undefined);
  let order = at ?? Number.NEGATIVE_INFINITY;
  return lines.map((line, i) => {
    at = times[i] ?? at;
    order = Math.max(order, at ?? order);
    return { entry: { log, line, at }, order };
  });
}

/** Which hue each of these gets: the same one whatever stands beside it, unless two would get the same. */
export function huesFor(names: readonly string[], count: number): number[] {
  const taken = new Set<number>();
  return names.map((name) => {
    let hue = Array.from(name).reduce((sum, char) => (sum * 31 + char.codePointAt(0)!) >>> 0, 0) % count;
    for (let tried = 0; taken.has(hue) && tried < count; tried++) hue = (hue + 1) % count;
    taken.add(hue);
    return hue;
  });
}
