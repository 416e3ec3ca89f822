import type { LogLine } from '../../../../api/log-line.ts';
import type { ReadLogs } from '../../../agent/workload-logs.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { live } from '../../live.ts';
import { requireName } from '../select.ts';

export const logs: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/logs/:service',
    doc: 'What the programs behind a service have written, one JSON object a line: of each the last ?lines= (100), with ?follow and those to come.',
    acl: 'operator:read',
    handle: read,
  },
];

const LINES = 100;
const MAX_LINES = 10_000;

async function read({ acl, params, query, signal }: ApiRequest, { agent }: Api): Promise<Answer> {
  acl.require('operator', 'read');
  const service = requireName(params[0], 'service name');
  const lines = query.get('lines') ?? String(LINES);
  if (!/^\d{1,5}$/.test(lines) || Number(lines) > MAX_LINES)
    throw new HttpError(400, `lines must be a number up to ${MAX_LINES}, not ${JSON.stringify(lines)}`);
  const found = await agent.workloadLogs?.read(service, Number(lines));
  if (!found) throw new HttpError(404, `no program of service ${JSON.stringify(service)} runs here`);
  const isFollowed = query.has('follow') && query.get('follow') !== 'false';
  return { type: 'stream', contentType: 'application/x-ndjson', chunks: chunks(found, isFollowed, signal) };
}

async function* chunks({ lines, follow }: ReadLogs, isFollowed: boolean, signal: AbortSignal): AsyncGenerator<string> {
  if (lines.length > 0) yield lines.map(text).join('');
  if (!isFollowed) return;
  const begin = (push: (line: string) => void): (() => void) => {
    const stop = new AbortController();
    follow((line) => push(text(line)), stop.signal).catch(() => undefined);
    return () => stop.abort();
  };
  yield* live({ follow: begin, missed: (count) => `${JSON.stringify({ dropped: count })}\n` }, signal);
}

const text = (line: LogLine): string => `${JSON.stringify(line)}\n`;
