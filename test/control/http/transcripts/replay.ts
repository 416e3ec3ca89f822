import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ManualClock } from '../../harness.ts';
import { openTestApi, type Reply, type TestApi } from '../api.ts';
import { compareJson } from './compare.ts';
import { Names } from './names.ts';
import { type Exchange, parseTranscript } from './parse.ts';

/*
 * Replays what a real Consul 1.8.7 (`consul agent -dev -node dev1`) answered against the control plane, `compat: '1.8'`.
 *
 * To add a transcript: put it into test/fixtures/consul-1.8.7/<name>.txt in the format that `parse.ts` tells of (leave out Date,
 * Vary, host and port), one after the other as they were sent to a fresh agent; add `<name>.test.ts` here, which calls
 * `replay('<name>', { differences: [...] })`. Where the answer is to be another one, name the line and say why.
 * Compared are: the status; Content-Type, Allow, Location and all X- and Content-Security- headers; JSON by its fields, their
 * order and values; other bodies as text. Ids and indexes may be others, but the same one everywhere and in the same order.
 */

/** An answer that is meant to differ from the transcript. */
export interface Difference {
  /** The request as it stands in the transcript, behind `$ curl `. */
  readonly line: string;
  readonly reason: string;
  readonly status?: number;
  /** Instead of the body of the transcript. */
  readonly text?: string;
  /** Changes the JSON of the transcript to what is meant. */
  readonly edit?: (body: unknown) => void;
  /** Headers that may have any value. */
  readonly ignore?: readonly string[];
  /** Instead of, or (undefined) without, these headers of the transcript. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

export interface ReplayOptions {
  readonly differences?: readonly Difference[];
  /** Nothing that waits for a time goes on: no check runs of itself. */
  readonly standsStill?: true;
  /** What has to be there before the first request. */
  prepare?(api: TestApi): Promise<void>;
}

/** Declares a test for each request of a transcript, in its order. */
export function replay(name: string, options: ReplayOptions = {}): void {
  const { differences = [] } = options;
  const file = new URL(`../../../fixtures/consul-1.8.7/${name}.txt`, import.meta.url);
  const exchanges = parseTranscript(readFileSync(file, 'utf8'));
  const names = new Names();
  let api: TestApi;
  beforeAll(async () => {
    const clock = options.standsStill ? { clock: new ManualClock(Date.now()) } : {};
    api = await openTestApi({ nodeName: 'dev1', compat: '1.8', ...clock });
    await options.prepare?.(api);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('knows every request that is meant to differ', () => {
    const lines = new Set(exchanges.map((exchange) => exchange.line));
    expect(differences.filter((difference) => !lines.has(difference.line))).toEqual([]);
  });

  for (const exchange of exchanges) {
    it(exchange.line.slice(0, 150), async () => {
      const { method, path, headers, body } = exchange;
      const sent = body === undefined ? {} : { body: names.translate(body) };
      const reply = await api.call(names.translate(path), { method, headers, ...sent });
      const difference = differences.find(({ line }) => line === exchange.line);
      expect(compare(exchange, reply, names, difference)).toEqual([]);
    });
  }
}

const COMPARED = /^(content-type|allow|location|x-.*|content-security-policy)$/;
/** Its value can't be the same in two runs. */
const VOLATILE = new Set(['x-consul-contenthash']);
/** Sent by newer Consuls with every answer; this one keeps them under 1.8, where clients don't look at them. */
const NEWER = new Set(['x-consul-default-acl-policy']);

function compare(exchange: Exchange, reply: Reply, names: Names, difference: Difference | undefined): string[] {
  const status = difference?.status ?? exchange.status;
  const problems = reply.status === status ? [] : [`status ${reply.status} instead of ${status}: ${reply.text.slice(0, 300)}`];
  const expected = new Map(exchange.answered);
  for (const [name, value] of Object.entries(difference?.headers ?? {})) {
    if (value === undefined) expected.delete(name);
    else expected.set(name, value);
  }
  for (const name of new Set([...expected.keys(), ...Object.keys(reply.headers)])) {
    if (!COMPARED.test(name) || NEWER.has(name) || difference?.ignore?.includes(name)) continue;
    const captured = expected.get(name);
    const actual = reply.headers[name];
    const same =
      name === 'x-consul-index' && captured && actual
        ? names.index(Number(captured), Number(actual))
        : VOLATILE.has(name) && captured
          ? actual !== undefined
          : captured === actual;
    if (!same) problems.push(`header ${name}: ${actual} instead of ${captured}`);
  }
  const text = difference?.text ?? exchange.text;
  if (expected.get('content-type') === 'application/json' && reply.json !== undefined) {
    const captured: unknown = JSON.parse(text);
    difference?.edit?.(captured);
    return [...problems, ...compareJson(captured, reply.json, names)];
  }
  const wanted = names.translate(text);
  return reply.text.trimEnd() === wanted
    ? problems
    : [...problems, `body ${JSON.stringify(reply.text)} instead of ${JSON.stringify(wanted)}`];
}
