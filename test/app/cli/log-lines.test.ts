import { describe, expect, it } from 'vitest';
import { huesFor, mergeLogs, timeOf } from '../../../src/app/cli/log-lines.ts';

const at = Date.UTC(2026, 10, 29, 18, 58, 1, 808);

describe('the time of a line', () => {
  it.each([
    '2026-11-29T18:58:01.808Z [INFO]  Started service',
    '[2026-11-29T18:58:01.808123456Z] started',
    '2026-11-29 18:58:01,808Z started',
    '2026-11-29T19:58:01.808+01:00 started',
    '{"time":"2026-11-29T18:58:01.808Z","level":"info"}',
    '{"@level":"info","@timestamp":"2026-11-29T18:58:01.808Z"}',
    '{"bytes_sent":1,"start_time":"2026-11-29T18:58:01.808Z"}',
  ])('%s', (line) => expect(timeOf(line)).toBe(at));

  it.each(['', 'hello', 'at 2026-11-29T18:58:01Z', '2026-99-29T18:58:01Z', '{"note":"time"}'])('%j has none', (line) =>
    expect(timeOf(line)).toBeUndefined(),
  );
});

describe('several logs', () => {
  const line = (second: number, text: string): string => `2026-11-29T18:58:0${second}Z ${text}`;
  const merged = (...logs: string[][]): string[] => mergeLogs(logs).map(({ line: text }) => text.replace(/^\S+Z /, ''));

  it('are in the order of their times, and lines without one stay with those before', () => {
    const web = [line(1, 'a'), '  trace of a', line(3, 'c')];
    const payments = ['before all', line(2, 'b'), line(4, 'd')];
    expect(merged(web, payments)).toEqual(['a', '  trace of a', 'before all', 'b', 'c', 'd']);
  });

  it('never change the order of their own lines', () => {
    expect(merged([line(3, 'late'), line(1, 'early')], [line(2, 'other')])).toEqual(['other', 'late', 'early']);
  });

  it('that know no times come first, as they are', () => {
    expect(merged([line(1, 'a')], ['x', 'y'], ['z'])).toEqual(['x', 'y', 'z', 'a']);
  });
});

describe('a hue', () => {
  it('is the same for a name whatever stands beside it, and another for each of two', () => {
    expect(huesFor(['web'], 6)).toEqual(huesFor(['web', 'payments', 'api'], 6).slice(0, 1));
    expect(new Set(huesFor(['a', 'g', 'm', 's', 'y', 'web-0'], 6)).size).toBe(6);
    expect(huesFor(['a', 'b'], 1)).toEqual([0, 0]);
  });
});
