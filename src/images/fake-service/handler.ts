import type { IncomingHttpHeaders } from 'node:http';
import { formatDuration } from '../../base/duration.ts';
import type { Clock, Log, Random } from '../../base/ports.ts';
import type { FakeServiceConfig } from './config.ts';
import type { FaultInjector } from './faults.ts';
import type { LoadGenerator } from './load.ts';
import { requestBody } from './request-body.ts';
import type { ServiceResponse, UpstreamCall } from './response.ts';
import type { Activity, CallType, Telemetry } from './telemetry.ts';
import { formatLocalTime, requestDurationNs } from './timing.ts';
import type { Repeated, UpstreamClient } from './upstream.ts';
import { inParallel } from './workers.ts';

export interface HandlerContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly faults: FaultInjector;
  readonly upstreams: UpstreamClient;
  readonly load: LoadGenerator | undefined;
  /** What `ip_addresses` shows. */
  readonly addresses: readonly string[];
}

/** A request, by whichever protocol it came. */
export interface IncomingCall {
  readonly type: CallType;
  /** With its query; gRPC has none. */
  readonly uri?: string;
  readonly headers: IncomingHttpHeaders;
  /** What upstream calls repeat; undefined: nothing, as from gRPC. */
  readonly repeated?: Repeated;
  /** What the log says of it. */
  readonly fields: Record<string, unknown>;
}

/** The status of an answer, in each protocol's numbers; gRPC's failure is Internal. */
const CODES = { HTTP: { success: 200, failure: 500 }, gRPC: { success: 0, failure: 13 } };

/** The service itself. An injected fault comes first, then all upstreams, then the time that is left to wait. */
export async function handleCall(call: IncomingCall, config: FakeServiceConfig, context: HandlerContext): Promise<ServiceResponse> {
  const endLoad = context.load?.start();
  const activity = context.telemetry.handleRequest(call.type, call.headers, call.fields);
  try {
    const { response, error } = await answerTo(call, activity, config, context);
    activity.end({ code: response.code, error });
    return response;
  } finally {
    endLoad?.();
  }
}

async function answerTo(
  call: IncomingCall,
  activity: Activity,
  config: FakeServiceConfig,
  context: HandlerContext,
): Promise<{ response: ServiceResponse; error: string | undefined }> {
  const { clock } = context;
  const startedAt = clock.now();
  const about = {
    name: config.name,
    ...(call.uri === undefined ? {} : { uri: call.uri }),
    type: call.type,
    ipAddresses: context.addresses,
  };

  const fault = context.faults.next();
  if (fault) {
    if (fault.delayMs > 0) await clock.sleep(fault.delayMs);
    return { response: { ...about, code: fault.code, error: fault.error }, error: fault.error };
  }

  const { calls, error } = await callUpstreams(call, activity, config, context);
  if (error === undefined) await sleepRest(startedAt, activity, config, context);
  const { success, failure } = CODES[call.type];
  // Over gRPC a failure has the form of an injected one, with the calls that led to it.
  if (error !== undefined && call.type === 'gRPC') return { response: { ...about, upstreamCalls: calls, code: failure, error }, error };

  const endedAt = clock.now();
  const response: ServiceResponse = {
    ...about,
    startTime: formatLocalTime(startedAt),
    endTime: formatLocalTime(endedAt),
    duration: formatDuration((endedAt - startedAt) * 1e6),
    ...(error === undefined || config.behaviour.detailedFailures ? { body: config.body } : {}),
    upstreamCalls: calls,
    code: error === undefined ? success : failure,
  };
  return { response, error };
}

/** All are called, whatever becomes of the others; one failure is enough for the request to fail. */
async function callUpstreams(
  call: IncomingCall,
  activity: Activity,
  config: FakeServiceConfig,
  context: HandlerContext,
): Promise<{ calls: UpstreamCall[]; error: string | undefined }> {
  if (config.upstreams.length === 0) return { calls: [], error: undefined };
  const body = requestBody(config.upstreamBody, context.random);
  const results = await inParallel(config.upstreams, config.upstreamWorkers, async (upstream) => {
    return { uri: upstream.uri, ...(await context.upstreams.call(upstream, call.repeated, body, activity.span)) };
  });
  return {
    calls: results.map(({ uri, response }) => ({ uri, response })),
    error: results.find((result) => result.error !== undefined)?.error,
  };
}

/** The time that upstreams took counts. */
async function sleepRest(startedAt: number, activity: Activity, config: FakeServiceConfig, context: HandlerContext): Promise<void> {
  const restMs = requestDurationNs(config.timing, context.random) / 1e6 - (context.clock.now() - startedAt);
  if (restMs > 0) await context.telemetry.delay(activity.span, restMs);
}
