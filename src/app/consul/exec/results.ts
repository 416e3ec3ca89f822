import { messageOf } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import { poll } from '../blocking.ts';
import { type ApiClient, unexpected } from '../client.ts';
import { parseJson } from '../json.ts';
import { getPair, kvPath, pairBytes } from '../kv/pairs.ts';

export interface Job {
  readonly api: ApiClient;
  readonly io: Io;
  readonly signal: AbortSignal;
  /** Where nodes write what they have to say, by key: `<node>/ack`, `<node>/out/00001`, `<node>/exit`. */
  readonly folder: string;
  /** End when nothing was heard for so long; twice as long while nodes work. */
  readonly waitMs: number;
  readonly verbose: boolean;
}

interface Tally {
  acknowledged: number;
  completed: number;
  failed: number;
}

/** Prints what nodes say until nothing more comes. The exit code: 2 when one failed or did not end. */
export async function followJob(job: Job): Promise<number> {
  const { io, waitMs, signal } = job;
  const start = performance.now();
  const seen = new Set<string>();
  const tally: Tally = { acknowledged: 0, completed: 0, failed: 0 };
  for (let index = 0; ; ) {
    const patience = AbortSignal.timeout(tally.acknowledged > tally.completed ? waitMs * 2 : waitMs);
    const news = await nextKeys(job, index, seen, AbortSignal.any([signal, patience])).catch((error: unknown) => {
      if (signal.aborted || patience.aborted) return undefined;
      io.err(`Failed to read results: ${messageOf(error)}\n`);
      return 'broken' as const;
    });
    if (signal.aborted || news === 'broken') return 1;
    if (news === undefined) break;
    index = news.index;
    for (const key of news.keys) await tell(job, key, tally);
  }
  io.out(`${tally.completed} / ${tally.acknowledged} node(s) completed / acknowledged\n`);
  if (job.verbose) io.out(`Completed in ${((performance.now() - start) / 1000).toFixed(2)} seconds\n`);
  return tally.failed > 0 || tally.completed < tally.acknowledged ? 2 : 0;
}

/** Keys that were not there before. Rejects when `signal` is aborted first. */
async function nextKeys(
  { api, folder }: Job,
  index: number,
  seen: Set<string>,
  signal: AbortSignal,
): Promise<{ readonly keys: readonly string[]; readonly index: number }> {
  for (let from = index; ; ) {
    const answer = await poll(api, kvPath(folder), { query: { keys: '', separator: '' }, index: from, signal });
    if (answer.status !== 200 && answer.status !== 404) throw new Error(unexpected(answer));
    const all = answer.status === 404 ? [] : parseJson<readonly string[]>(answer.body);
    const keys = all.map((key) => key.slice(folder.length)).filter((key) => key !== 'job' && !seen.has(key));
    for (const key of keys) seen.add(key);
    from = answer.index;
    if (keys.length > 0) return { keys, index: from };
  }
}

async function tell(job: Job, key: string, tally: Tally): Promise<void> {
  const { io, verbose } = job;
  const ack = /^(.*)\/ack$/s.exec(key);
  if (ack) {
    tally.acknowledged++;
    if (verbose) io.out(targeted('==>', ack[1]!, 'acknowledged'));
    return;
  }
  const exit = /^(.*)\/exit$/s.exec(key);
  const output = /^(.*)\/out\//s.exec(key);
  if (!exit && !output) {
    io.err(`Unknown key '${key}', ignoring.\n`);
    return;
  }
  const pair = await getPair(job.api, job.folder + key);
  const text = pair ? pairBytes(pair).toString() : '';
  if (exit) {
    tally.completed++;
    if (text !== '0') tally.failed++;
    io.out(targeted('==>', exit[1]!, `finished with exit code ${text}`));
  } else if (text !== '') io.out(targeted('   ', output![1]!, text));
  else if (verbose) io.out(targeted('==>', output![1]!, 'heartbeat received'));
}

const targeted = (arrow: string, node: string, text: string): string =>
  `${text
    .split('\n')
    .map((line) => `${arrow} ${node}: ${line}`)
    .join('\n')
    .trimEnd()}\n`;
