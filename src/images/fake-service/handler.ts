import type { IncomingMessage } from 'node:http';
import { formatDuration } from '../../base/duration.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { FakeServiceConfig } from './config.ts';
import type { FaultInjector } from './faults.ts';
import { requestBody } from './request-body.ts';
import { encodeResponse, type ServiceResponse, type UpstreamCall } from './response.ts';
import { formatLocalTime, requestDurationNs } from './timing.ts';
import type { UpstreamClient } from './upstream.ts';
import { inParallel } from './workers.ts';

/** A whole answer; it is always plain text. */
export interface Answer {
  readonly code: number;
  readonly text: string;
}

export interface HandlerContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly faults: FaultInjector;
  readonly upstreams: UpstreamClient;
  /** What `ip_addresses` shows. */
  readonly addresses: readonly string[];
}

/** The path of a request target, also of one in absolute form; `*` has none. */
export function pathOf(target: string): string {
  if (target.startsWith('/')) return target.split('?', 1)[0]!;
  return URL.canParse(target) ? new URL(target).pathname : '';
}

/** The service itself: any method, any path. An injected fault comes first, then all upstreams, then the time that is left to wait. */
export async function handleRequest(request: IncomingMessage, config: FakeServiceConfig, context: HandlerContext): Promise<Answer> {
  const { clock, log } = context;
  const startedAt = clock.now();
  const uri = request.url ?? '/';
  log.log('info', 'Handle inbound request', {
    request: `${request.method} ${uri} HTTP/${request.httpVersion}`,
    host: request.headers.host,
  });
  const about = { name: config.name, uri, type: 'HTTP', ipAddresses: context.addresses };
  const answer = (response: ServiceResponse): Answer => {
    return { code: response.code, text: encodeResponse(response, config.behaviour) };
  };

  const fault = context.faults.next();
  if (fault) {
    log.log('error', 'Error handling request', { error: fault.error });
    if (fault.delayMs > 0) await clock.sleep(fault.delayMs);
    return answer({ ...about, code: fault.code, error: fault.error });
  }

  const { calls, error } = await callUpstreams(request, config, context);
  if (error === undefined) await sleepRest(startedAt, config, context);
  else log.log('error', 'Error handling request', { error });

  const endedAt = clock.now();
  return answer({
    ...about,
    startTime: formatLocalTime(startedAt),
    endTime: formatLocalTime(endedAt),
    duration: formatDuration((endedAt - startedAt) * 1e6),
    ...(error === undefined || config.behaviour.detailedFailures ? { body: config.body } : {}),
    upstreamCalls: calls,
    code: error === undefined ? 200 : 500,
  });
}

/** All are called, whatever becomes of the others; one failure is enough for the request to fail. */
async function callUpstreams(
  request: IncomingMessage,
  config: FakeServiceConfig,
  context: HandlerContext,
): Promise<{ calls: UpstreamCall[]; error: string | undefined }> {
  if (config.upstreams.length === 0) return { calls: [], error: undefined };
  const inbound = { path: pathOf(request.url ?? '/'), headers: request.headers };
  const body = requestBody(config.upstreamBody, context.random);
  const results = await inParallel(config.upstreams, config.upstreamWorkers, async (upstream) => {
    const result = await context.upstreams.call(upstream, inbound, body);
    if (result.error !== undefined) context.log.log('error', 'Error processing upstream request', { error: result.error });
    return { uri: upstream.uri, ...result };
  });
  return {
    calls: results.map(({ uri, response }) => ({ uri, response })),
    error: results.find((result) => result.error !== undefined)?.error,
  };
}

/** The time that upstreams took counts. */
async function sleepRest(startedAt: number, config: FakeServiceConfig, { clock, random, log }: HandlerContext): Promise<void> {
  const restMs = requestDurationNs(config.timing, random) / 1e6 - (clock.now() - startedAt);
  if (restMs <= 0) return;
  log.log('info', 'Sleeping for', { duration: formatDuration(restMs * 1e6) });
  await clock.sleep(restMs);
}
