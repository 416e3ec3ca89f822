import { isDeepStrictEqual } from 'node:util';
import type { ExplainRequest, ExplainStep, Explanation } from '../api/explanation.ts';
import type { Result } from '../base/result.ts';
import { isGateway } from '../compile/proxy-id.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { RequestView } from '../matching/request-view.ts';
import { drawSticky } from '../matching/sticky.ts';
import { findCaller } from './caller.ts';
import { type Entrance, findEntrance } from './entrance.ts';
import { fixOf } from './fix.ts';
import { protocolStep } from './protocol-step.ts';
import { readRequest, requestOf } from './request.ts';
import { partText } from './route-list.ts';
import { routeStep, type TakenRoute } from './routes-step.ts';
import { withoutFields } from './sent-request.ts';
import { percent } from './texts.ts';
import { checkTokens } from './tokens.ts';
import { type Caller, callerText, type ExplainContext, entryOrigin, registrationOf, type Walk } from './walk.ts';
import { type Walked, walkWay } from './way.ts';

/** The source is nobody. */
export interface UnknownSource {
  readonly message: string;
  readonly hint?: string;
}

/** What would become of a request, from the configuration that the data plane has of it. */
export function explain(context: ExplainContext, asked: ExplainRequest): Result<Explanation, UnknownSource> {
  const found = findCaller(context, asked.source, asked.sourceDatacenter);
  switch (found.is) {
    case 'unknown':
      return { ok: false, error: found };
    case 'outside': {
      const summary = `${asked.source} has no sidecar: what it calls is past the mesh`;
      const fix = `add connect { sidecar_service { proxy { upstreams { destination_name = "${asked.destination}"  local_bind_port = 9091 } } } } to its registration`;
      return { ok: true, value: nowhere(context, asked, { dc: found.dc, proxy: '', summary, fix }) };
    }
    case 'broken': {
      const summary = `the configuration of ${found.id} can't be made, and it goes on with the one before: ${found.reason}`;
      return { ok: true, value: nowhere(context, asked, { dc: found.dc, proxy: found.id, summary }) };
    }
    case 'found':
      return { ok: true, value: explainFrom({ ...context, caller: found.caller }, asked) };
  }
}

interface Nowhere {
  readonly dc: string;
  readonly proxy: string;
  readonly summary: string;
  readonly fix?: string;
}

function nowhere(
  { snapshot }: ExplainContext,
  { source, destination, request }: ExplainRequest,
  { dc, proxy, summary, fix }: Nowhere,
): Explanation {
  return {
    source,
    sourceDatacenter: dc,
    proxy,
    destination,
    listens: [],
    protocol: '',
    ...(request ? { request } : {}),
    verdict: 'undeliverable',
    summary,
    index: snapshot.index,
    steps: [{ kind: 'upstream', state: 'no', text: summary, details: [] }],
    ways: [],
    ...(fix === undefined ? {} : { fix }),
  };
}

function explainFrom(walk: Walk, asked: ExplainRequest): Explanation {
  const { config, dc } = walk.caller;
  const entrance = findEntrance(walk, asked.destination);
  if (entrance.is === 'none') return { ...nowhere(walk, asked, { dc, proxy: config.id, ...entrance }), source: config.service };
  const { listener, host } = entrance.entrance;
  const carries = listener.protocol !== 'tcp';
  const request = carries || asked.request ? requestOf(asked.request, host) : undefined;
  const read = request && readRequest(request);
  const way = onward(walk, entrance.entrance, read);
  return {
    source: config.service,
    sourceDatacenter: dc,
    proxy: config.id,
    destination: listener.name,
    listens: listener.binds.map(({ address, port }) => `${address}:${port}`),
    ...(listener.tls ? { tls: true } : {}),
    protocol: listener.protocol,
    ...(request ? { request } : {}),
    index: walk.snapshot.index,
    ...way,
    steps: [upstreamStep(walk.caller, entrance.entrance, walk), protocolStep(walk, listener), ...way.steps],
  };
}

function upstreamStep(caller: Caller, { listener }: Entrance, walk: Walk): ExplainStep {
  const { proxy, dc, others } = caller;
  const where = listener.binds.map(({ address, port }) => `${address}:${port}`).join(' and ');
  const text = `${listener.name} at ${where} of ${callerText(caller)}`;
  const same = others.length === 0 ? [] : [{ state: 'info', text: `further sidecars of it: ${others.join(', ')}` } as const];
  const origin = isGateway(proxy) ? entryOrigin(walk, dc, proxy.Kind, proxy.Service) : registrationOf(proxy.ID);
  return { kind: 'upstream', state: 'ok', text, origin, details: same };
}

type Onward = Pick<Explanation, 'verdict' | 'summary' | 'steps' | 'ways' | 'fix'>;

function onward(walk: Walk, { listener }: Entrance, request: MatchedRequest | undefined): Onward {
  const seen = listener.protocol === 'tcp' ? undefined : request;
  const { step, taken } = routeStep(walk, listener, seen);
  if (!taken) return { verdict: 'undeliverable', summary: step.text, steps: [step], ways: [] };
  const tokens = routeTokens(walk, listener.jwtProviders, taken.route.tokens, seen);
  if (tokens?.step.state === 'no') return { verdict: 'denied', summary: tokens.step.text, steps: [step, tokens.step], ways: [] };
  const allowed = tokens?.request ?? request;
  const { route, source } = taken;
  const walked = route.splits.map((split) => walkWay(walk, { route, split, source, request: allowed }));
  const steps = [step, ...(tokens ? [tokens.step] : []), ...splitSteps(taken, seen), ...merged(walked)];
  const kept = walked.find(({ way }) => way.verdict !== 'passes');
  const chosen = kept ?? walked[0]!;
  const part =
    kept && kept.way.weight < 100 && walked.some(({ way }) => way.verdict === 'passes')
      ? `for ${percent(kept.way.weight)} of the requests `
      : '';
  const fix = kept?.kept && fixOf(walk, kept.kept);
  return {
    verdict: chosen.way.verdict,
    summary: kept ? `${part}${kept.summary}` : walked.map(({ summary }) => summary).join('; or '),
    steps,
    ways: walked.map(({ way }) => way),
    ...(fix === undefined ? {} : { fix }),
  };
}

/** What a gateway's route asks of a request before it goes anywhere. */
function routeTokens(
  walk: Walk,
  providers: Entrance['listener']['jwtProviders'],
  requirement: NonNullable<TakenRoute['taken']>['route']['tokens'],
  request: MatchedRequest | undefined,
): { readonly step: ExplainStep; readonly request: MatchedRequest | undefined } | undefined {
  if (!requirement || !request) return undefined;
  const { fault, taken, details } = checkTokens(walk, walk.caller.dc, requirement, { providers, view: new RequestView(request) });
  const text = fault ? `the route asks for a token: ${fault.text} (${fault.status})` : 'the route asks for a token, and there is one';
  const kept =
    taken === undefined ? request : { ...request, fields: { list: withoutFields(request.fields.list, (name) => name === taken) } };
  return { step: { kind: 'route', state: fault ? 'no' : 'ok', text, details }, request: kept };
}

function splitSteps({ route, source }: NonNullable<TakenRoute['taken']>, request: MatchedRequest | undefined): ExplainStep[] {
  const { split } = source;
  if (!split) return [];
  const text = split.parts.map(partText).join(', ');
  return [{ kind: 'split', state: 'info', text: `${text}${stickyText(route, request)}`, origin: split.origin, details: [] }];
}

/** A client that is known has its part already. */
function stickyText({ sticky, splits }: NonNullable<TakenRoute['taken']>['route'], request: MatchedRequest | undefined): string {
  if (!sticky || !request) return '';
  const { cookie, drawn } = drawSticky(sticky, new RequestView(request), () => 0);
  const known = cookie === undefined && drawn > 0;
  return known ? `; this client stays with the part at ${percent(drawn * 100)} of ${splits.length}` : '';
}

const ORDER: readonly ExplainStep['kind'][] = ['subset', 'failover', 'endpoints', 'identity', 'intentions', 'limits', 'effects'];

/** What all ways have in common is said once, after what tells them apart. */
function merged(walked: readonly Walked[]): ExplainStep[] {
  const [first] = walked;
  if (walked.length < 2) return [...(first?.steps ?? [])];
  const of = ({ steps }: Walked, kind: ExplainStep['kind']) => steps.filter((step) => step.kind === kind);
  const isCommon = (kind: ExplainStep['kind']) => walked.every((one) => isDeepStrictEqual(of(one, kind), of(first!, kind)));
  const common = ORDER.filter(isCommon);
  const own = walked.flatMap(({ steps }, way) => steps.filter(({ kind }) => !common.includes(kind)).map((step) => ({ ...step, way })));
  return [...own, ...first!.steps.filter(({ kind }) => common.includes(kind))];
}
