import { parseDuration } from '../../../base/duration.ts';
import type { Located } from '../../../schema/located.ts';
import { textValue } from '../convert.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { define, type FunctionTable } from './define.ts';

export const TIME: FunctionTable = {
  formatdate: define(
    {
      parameters: { format: 'text', time: 'text' },
      doc: 'A time (RFC 3339) in another form: `YYYY` `YY`, `MMMM` `MMM` `MM` `M`, `DD` `D`, `EEEE` `EEE`, `hh` `h`, `HH` `H` with `AA` `aa`, `mm` `m`, `ss` `s`, `Z` `ZZZ` `ZZZZ` `ZZZZZ`; other letters stand in single quotes.',
      example: ['formatdate("DD MMM YYYY \'at\' hh:mm ZZZ", "2026-01-02T15:04:05Z")', '02 Jan 2026 at 15:04 UTC'],
    },
    ({ format, time }) => withTime(time, 1, (moment) => formatDate(format, moment)),
  ),
  timeadd: define(
    {
      parameters: { time: 'text', duration: 'text' },
      doc: 'A time (RFC 3339) with a duration added to it.',
      example: ['timeadd("2026-01-02T15:04:05Z", "-24h30m")', '2026-01-01T14:34:05Z'],
    },
    ({ time, duration }) =>
      withTime(time, 0, ({ at, offset }) => {
        const parsed = parseDuration(duration);
        if (!parsed.ok) return failure(parsed.error, 1);
        const moved: Moment = { at: at + parsed.ns / 1e6, offset };
        const iso = local(moved).toISOString().slice(0, 19);
        return textValue(`${iso}${zone('Z', offset)}`);
      }),
  ),
};

interface Moment {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Minutes that its clocks are ahead of UTC. */
  readonly offset: number;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(?:Z|([+-])(\d\d):(\d\d))$/;

function withTime(text: string, argument: number, then: (moment: Moment) => Located | FunctionFailure): Located | FunctionFailure {
  const match = RFC_3339.exec(text);
  const expected = () => failure(`${JSON.stringify(text)} is not a time of RFC 3339`, argument, 'write it as "2026-01-02T15:04:05Z"');
  if (!match) return expected();
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const [ahead, behind] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (!isDay || hour > 23 || minute > 59 || second > 59 || ahead > 23 || behind > 59) return expected();
  const offset = (match[8] === '-' ? -1 : 1) * (ahead * 60 + behind);
  const fraction = Math.trunc(Number(`0${(match[7] ?? '').replace(',', '.')}`) * 1000);
  return then({ at: date.setUTCHours(hour, minute, second, fraction) - offset * 60_000, offset });
}

/** A date whose UTC is the local time of the moment. */
const local = ({ at, offset }: Moment): Date => new Date(Math.floor(at) + offset * 60_000);

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** By letter, the forms of each number of repetitions. */
function forms(date: Date, offset: number): Readonly<Record<string, Readonly<Record<number, string>>>> {
  const both = (value: number) => ({ 1: String(value), 2: String(value).padStart(2, '0') });
  const year = date.getUTCFullYear();
  const month = MONTHS[date.getUTCMonth()]!;
  const day = DAYS[date.getUTCDay()]!;
  const hour = date.getUTCHours();
  const half = hour < 12 ? 'am' : 'pm';
  return {
    Y: { 2: String(year % 100).padStart(2, '0'), 4: String(year).padStart(4, '0') },
    M: { ...both(date.getUTCMonth() + 1), 3: month.slice(0, 3), 4: month },
    D: both(date.getUTCDate()),
    E: { 3: day.slice(0, 3), 4: day },
    h: both(hour),
    H: both(hour % 12 || 12),
    A: { 2: half.toUpperCase() },
    a: { 2: half },
    m: both(date.getUTCMinutes()),
    s: both(date.getUTCSeconds()),
    Z: {
      1: zone('Z', offset),
      3: zone('UTC', offset).replace(/(\d):/, '$1'),
      4: zone('+0000', offset).replace(/(\d):/, '$1'),
      5: zone('+00:00', offset),
    },
  };
}

/** `+01:30`, or the name that UTC has. */
function zone(utc: string, offset: number): string {
  if (offset === 0) return utc;
  const minutes = Math.abs(offset);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function formatDate(format: string, moment: Moment): Located | FunctionFailure {
  const known = forms(local(moment), moment.offset);
  let text = '';
  for (const [token] of format.matchAll(/'(?:[^']|'')*'?|([A-Za-z])\1*|[^'A-Za-z]+/g)) {
    if (token.startsWith("'")) {
      if (!/^'(?:[^']|'')*'$/.test(token)) return failure('a single quote in the format is never closed', 0);
      text += token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'");
    } else if (/^[A-Za-z]/.test(token)) {
      const letter = Object.hasOwn(known, token[0]!) ? known[token[0]!]! : {};
      const form = letter[token.length];
      if (form === undefined) {
        const counts = Object.keys(letter).map((count) => `"${token[0]!.repeat(Number(count))}"`);
        const hint = counts.length > 0 ? `write ${counts.join(' or ')}` : `put text in single quotes: '${token}'`;
        return failure(`${JSON.stringify(token)} has no meaning in a format`, 0, hint);
      }
      text += form;
    } else text += token;
  }
  return textValue(text);
}
