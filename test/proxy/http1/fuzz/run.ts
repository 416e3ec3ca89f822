import { seeded } from '../../l7/world.ts';
import { readWithConnection } from './connection.ts';
import { readWithLlhttp } from './llhttp.ts';
import { inputs } from './messages.ts';
import type { Reading } from './reading.ts';

export interface Finding {
  /** The bytes, as JSON would write them. */
  readonly input: string;
  readonly problem: string;
}

export interface FuzzResult {
  readonly findings: readonly Finding[];
  /** How many requests both read, and how many inputs were refused here. */
  readonly requests: number;
  readonly refused: number;
  /** How often each tolerance was needed. */
  readonly tolerated: Readonly<Record<string, number>>;
}

/** What is accepted here although llhttp refuses it, by llhttp's reason, and why that does no harm. */
const TOLERATED: readonly (readonly [what: string, fault: RegExp, bytes?: RegExp])[] = [
  // RFC 9110 9.1: methods are an open list. None frames a message, and the application decides what it knows.
  ['a method that llhttp does not know', /^HPE_INVALID_METHOD/],
  // RFC 9110 5.6.3: white space around a value is a space or a tab. It is not sent on.
  [
    'a tab beside a length or a coding',
    /^HPE_INVALID_(?:CONTENT_LENGTH: Invalid character|TRANSFER_ENCODING)/,
    /\r\n(?:content-length|transfer-encoding):[ \t]*(?:\t[ \t]*(?:\d+|chunked)|(?:\d+|chunked)[ \t]*\t)[ \t]*\r\n/i,
  ],
];

/** Sends `count` hostile streams to a connection of a sidecar and to llhttp, and tells where the sidecar is the laxer one, or reads another request. */
export async function fuzz(count: number, seed: number): Promise<FuzzResult> {
  const next = inputs(seeded(seed));
  const findings: Finding[] = [];
  const tolerated: Record<string, number> = {};
  let requests = 0;
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const { bytes, pieces } = next();
    const [ours, theirs] = [await readWithConnection(pieces), readWithLlhttp(bytes)];
    requests += ours.requests.length;
    if (ours.fault !== undefined) refused++;
    const problem = compare(ours, theirs);
    if (problem === undefined) continue;
    const text = bytes.toString('latin1');
    const [why] = TOLERATED.find(([, fault, given]) => fault.test(theirs.fault ?? '') && (given?.test(text) ?? true)) ?? [];
    if (why === undefined) findings.push({ input: JSON.stringify(text), problem });
    else tolerated[why] = (tolerated[why] ?? 0) + 1;
  }
  return { findings, requests, refused, tolerated };
}

function compare(ours: Reading, theirs: Reading): string | undefined {
  for (const [i, mine] of ours.requests.entries()) {
    const other = theirs.requests[i];
    if (!other) return `request ${i} (${mine.method} ${mine.target}) is none to llhttp: ${theirs.fault ?? 'it waits for more'}`;
    if (mine.method !== other.method) return `request ${i} is ${mine.method}, to llhttp ${other.method}`;
    if (mine.target !== pathOf(other.target)) return `request ${i} is for ${mine.target}, to llhttp for ${other.target}`;
    if (mine.body !== other.body) return `request ${i} has the body ${JSON.stringify(mine.body)}, to llhttp ${JSON.stringify(other.body)}`;
  }
  if (ours.fault !== undefined || ours.closed) return undefined;
  const more = theirs.requests.length - ours.requests.length;
  return more > 0 ? `waits for more where llhttp has read ${more} requests more` : undefined;
}

/** A sidecar sends on the path of an absolute target. */
function pathOf(target: string): string {
  const absolute = /^https?:\/\/[^/?]*(.*)$/i.exec(target);
  if (!absolute) return target;
  return absolute[1]!.startsWith('/') ? absolute[1]! : `/${absolute[1]!}`;
}
