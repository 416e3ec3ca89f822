import { randomUUID } from 'node:crypto';
import type { RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { ExplainedRequest, ExplainedWay, Explanation, SentCall, SentFinding } from '../../api/explanation.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import { splitHostPort } from '../../base/host-port.ts';
import type { TappedRequest } from '../../compile/proxy-config.ts';
import type { Io } from '../io.ts';
import type { MeshApi } from '../mesh-api.ts';

/** For an answer, and for what both sidecars tell of it. Milliseconds. */
const TIMEOUT_MS = 15_000;
const TOLD_MS = 2_000;
/** A connection that is let in stays open for longer than this. */
const REFUSED_WITHIN_MS = 300;
const MARK = 'x-request-id';

interface Answer extends Pick<SentCall, 'result' | 'status'> {
  readonly reason?: string;
  readonly durationMs: number;
}

/** Sends what was explained through the caller's listener, and says which steps were so. */
export async function sendExplained(explanation: Explanation, api: MeshApi, io: Io): Promise<SentCall> {
  const { listens, request } = explanation;
  const [at] = listens;
  if (at === undefined)
    throw new MeshError(
      'failed',
      `${explanation.summary}: there is nothing to send to`,
      explanation.fix === undefined ? {} : { hint: explanation.fix },
    );
  const mark = request?.headers.find(([name]) => name.toLowerCase() === MARK)?.[1] ?? randomUUID();
  const told = await listen(api, explanation, mark);
  const answer =
    request && explanation.protocol !== 'tcp'
      ? await sendRequest(at, explanation, { ...request, headers: withMark(request, mark) }, io)
      : await openConnection(at, io);
  return compare(explanation, answer, await told());
}

const withMark = ({ headers }: ExplainedRequest, mark: string): ExplainedRequest['headers'] =>
  headers.some(([name]) => name.toLowerCase() === MARK) ? headers : [...headers, [MARK, mark]];

async function sendRequest(at: string, { tls }: Explanation, request: ExplainedRequest, { signal }: Io): Promise<Answer> {
  const { host, port } = splitHostPort(at);
  const named = request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? at;
  const headers = request.headers.flat();
  const common: RequestOptions = {
    host,
    port,
    agent: false,
    method: request.method,
    path: request.path,
    headers,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  };
  // What a listener shows is for others to judge: here it is asked what it does.
  const secure = { ...common, servername: named.replace(/:\d*$/, ''), rejectUnauthorized: false };
  const began = performance.now();
  const outgoing = tls ? (await import('node:https')).request(secure) : (await import('node:http')).request(common);
  return await new Promise<Answer>((resolve, reject) => {
    outgoing.on('response', (response) => {
      const reason = response.headers['x-mesh-reason'];
      response.resume();
      const done = (): void =>
        resolve({
          result: 'answered',
          status: response.statusCode!,
          ...(typeof reason === 'string' ? { reason } : {}),
          durationMs: performance.now() - began,
        });
      response.on('end', done).on('error', done);
    });
    outgoing.on('error', (error) => {
      if (signal.aborted) reject(signal.reason);
      else resolve({ result: 'refused', reason: messageOf(error), durationMs: performance.now() - began });
    });
    outgoing.end();
  });
}

/** Bytes say nothing of themselves: a connection is refused when it is closed, or can't be had. */
async function openConnection(at: string, { signal }: Io): Promise<Answer> {
  const began = performance.now();
  return await new Promise<Answer>((resolve, reject) => {
    const socket = connect(splitHostPort(at));
    const end = (result: Answer['result'], reason?: string): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve({ result, ...(reason === undefined ? {} : { reason }), durationMs: performance.now() - began });
    };
    const abort = (): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(signal.reason);
    };
    const timer = setTimeout(() => end('open'), REFUSED_WITHIN_MS);
    signal.addEventListener('abort', abort, { once: true });
    socket.on('data', () => end('open'));
    socket.on('error', (error) => end('refused', messageOf(error)));
    socket.on('close', () => end('refused', 'the connection was closed at once'));
  });
}

/** Begins to listen to what sidecars tell; the function waits for what they tell of this call. Without the right to listen it is nothing. */
async function listen(api: MeshApi, { source, protocol }: Explanation, mark: string): Promise<() => Promise<readonly TappedRequest[]>> {
  let lines: AsyncIterable<string>;
  try {
    lines = await api.lines('/v1/mesh/tap', { source });
  } catch (error) {
    if (error instanceof MeshError && error.code === 'failed') return () => Promise.resolve([]);
    throw error;
  }
  const found: TappedRequest[] = [];
  const iterator = lines[Symbol.asyncIterator]();
  const enough = (): boolean =>
    found.some(({ direction }) => direction === 'outbound') && (found.length > 1 || found.some(({ endpoint }) => endpoint === undefined));
  const collect = async (): Promise<void> => {
    for (let line = await iterator.next(); line.done !== true; line = await iterator.next()) {
      const told = JSON.parse(line.value) as TappedRequest | { readonly dropped: number };
      if (!('dropped' in told) && isMeant(told, protocol, mark)) found.push(told);
      if (enough()) return;
    }
  };
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, TOLD_MS);
    });
    await Promise.race([collect().catch(() => undefined), late]);
    clearTimeout(timer);
    void iterator.return?.();
    return found;
  };
}

function isMeant({ connection, requestFields }: TappedRequest, protocol: string, mark: string): boolean {
  if (protocol === 'tcp' && connection) return true;
  return requestFields.some((field, i) => i % 2 === 0 && field.toLowerCase() === MARK && requestFields[i + 1] === mark);
}

function compare({ ways, verdict }: Explanation, answer: Answer, told: readonly TappedRequest[]): SentCall {
  const out = told.find(({ direction }) => direction === 'outbound');
  const into = told.find(({ direction }) => direction === 'inbound');
  const at = wayOf(ways, out);
  const way = at === -1 ? undefined : ways[at];
  const rule = into?.rule ?? out?.rule;
  const findings: SentFinding[] = [
    { kind: 'answer', ...outcome(way?.verdict ?? verdict, way?.status, answer, rule) },
    ...(way && out?.route !== undefined ? [finding('route', way.route, out.route)] : []),
    ...(out?.cluster !== undefined && ways.length > 0
      ? [finding('split', ways.map((one) => one.standIn ?? one.cluster).join(' or '), out.cluster, at !== -1)]
      : []),
    ...(way && out?.endpoint !== undefined
      ? [finding('endpoints', way.endpoints.join(' or '), out.endpoint, way.endpoints.includes(out.endpoint))]
      : []),
    ...(way?.rule !== undefined && rule !== undefined ? [finding('intentions', way.rule, rule)] : []),
  ];
  return {
    ...answer,
    ...(at === -1 ? {} : { way: at }),
    ...(out?.route === undefined ? {} : { route: out.route }),
    ...(out?.cluster === undefined ? {} : { cluster: out.cluster }),
    ...(out?.endpoint === undefined ? {} : { endpoint: out.endpoint }),
    ...(rule === undefined ? {} : { rule }),
    findings,
  };
}

function wayOf(ways: readonly ExplainedWay[], out: TappedRequest | undefined): number {
  if (ways.length < 2) return ways.length - 1;
  return out?.cluster === undefined
    ? ways.findIndex(({ verdict }) => verdict === 'undeliverable')
    : ways.findIndex(({ cluster, standIn = cluster }) => standIn === out.cluster);
}

/** A status of the application itself is none of the mesh's: only what refuses in its place is. */
function outcome(
  verdict: Explanation['verdict'],
  status: number | undefined,
  answer: Answer,
  rule: string | undefined,
): Omit<SentFinding, 'kind'> {
  const { result, status: got, reason } = answer;
  const byMesh = result === 'refused' || reason !== undefined || rule !== undefined;
  const seen = seenText(answer, byMesh);
  if (verdict === 'passes') return { agrees: !byMesh, said: 'the application answers', seen };
  const said = status === undefined || status === 0 ? 'the connection is refused' : `the mesh answers ${status}`;
  return { agrees: byMesh && (got ?? 0) === (status ?? got ?? 0), said, seen };
}

function seenText({ result, status }: Answer, byMesh: boolean): string {
  if (result === 'refused') return 'the connection was refused';
  if (result === 'open') return byMesh ? 'the connection was refused behind the listener' : 'the connection was taken';
  return `the ${byMesh ? 'mesh' : 'application'} answered ${status}`;
}

const finding = (kind: SentFinding['kind'], said: string, seen: string, agrees = said === seen): SentFinding => ({
  kind,
  agrees,
  said,
  seen,
});
