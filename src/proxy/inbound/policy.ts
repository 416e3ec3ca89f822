import type { InboundListener, TerminatedService } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { passFilters, type RequestFilter } from '../filters/filter.ts';
import { Buckets } from '../filters/rate-limit.ts';
import type { Refusal } from '../http/respond.ts';
import type { ExchangeRules, HttpPlan, HttpTarget } from '../http/service.ts';
import type { RequestHead } from '../http1/request.ts';
import type { RequestEdits } from '../http1/write.ts';
import { Tokens } from '../jwt/tokens.ts';
import { SaidOnce } from '../said-once.ts';
import type { Peer } from '../tls/peer.ts';
import { CLIENT_CERT_HEADER, forwardedClientCert, SANITIZED } from './client-cert.ts';
import { inboundFilters } from './filters.ts';
import { Guard } from './guard.ts';

/** What the mesh's side of a sidecar and that of a terminating gateway have in common. */
export type ServiceSide = Omit<InboundListener, 'bind' | 'app'> & Pick<TerminatedService, 'host'>;

export interface PolicyContext {
  readonly env: Environment;
  /** Of the listener, for logs. */
  readonly name: string;
  readonly service: string;
  /** SPIFFE URI of the service. */
  readonly identity: string;
  /** Where the next request goes. */
  readonly target: () => HttpTarget;
}

type Planned = HttpPlan | Refusal | Promise<HttpPlan | Refusal>;

/** What callers of a service have to pass, and what its application gets of their requests. Counts of limits and fetched keys outlive changes. */
export class Policy {
  readonly #context: PolicyContext;
  readonly #buckets: Buckets;
  readonly #tokens: Tokens;
  readonly #problems: SaidOnce;
  #config!: ServiceSide;
  #guard!: Guard;
  /** What each request has to pass. */
  #filters!: readonly RequestFilter[];
  #rules: ExchangeRules | undefined;

  constructor(context: PolicyContext, config: ServiceSide) {
    const { env, name } = context;
    this.#context = context;
    this.#tokens = new Tokens(env);
    this.#buckets = new Buckets(() => env.clock.now());
    this.#problems = new SaidOnce(env.log, name, 'part of a filter or an intention ignored');
    this.update(config);
  }

  /** Holds from the next request on, and for judgements that are asked for again. */
  update(config: ServiceSide): void {
    const { env, service } = this.#context;
    const problems = new Set<string>();
    const ignored = (reason: string) => problems.add(reason);
    this.#config = config;
    this.#rules = rulesOf(config);
    this.#tokens.update(config.jwtProviders);
    const guard = new Guard(config, service, this.#tokens, ignored);
    this.#guard = guard;
    const intentions: RequestFilter = (request, peer) => guard.judge(request, peer!);
    this.#filters = inboundFilters(config, { intentions, buckets: this.#buckets, random: env.random, ignored });
    this.#buckets.settle();
    this.#problems.say(problems);
  }

  get guard(): Guard {
    return this.#guard;
  }

  /** Plans the requests of one connection. */
  requestsOf(peer: Peer): (head: RequestHead) => Planned {
    const { identity, target } = this.#context;
    const forwarded: [string, string] = [CLIENT_CERT_HEADER, forwardedClientCert(identity, peer)];
    let known = this.#config;
    let edits = editsOf(known, forwarded);
    const toApp = (guard: Guard, head: RequestHead, request: RequestHead): HttpPlan => {
      if (known !== this.#config) {
        known = this.#config;
        edits = editsOf(known, forwarded);
      }
      return { target: target(), ...guard.plan(head, request, edits), rules: this.#rules };
    };
    return (head) => {
      // The one that judges: a change may come while a token is verified.
      const guard = this.#guard;
      const request = guard.clean(head);
      if ('status' in request) return request;
      const verdict = passFilters(this.#filters, request, peer);
      if (verdict instanceof Promise) return verdict.then((late) => late ?? toApp(guard, head, request));
      return verdict ?? toApp(guard, head, request);
    };
  }
}

function editsOf({ host, hidesClientCert }: ServiceSide, forwarded: [string, string]): RequestEdits {
  return { defaultHost: 'localhost', host, remove: SANITIZED, add: hidesClientCert ? [] : [forwarded] };
}

/** Undefined when the application may take what time it wants. */
function rulesOf({ requestTimeoutMs, idleTimeoutMs }: ServiceSide): ExchangeRules | undefined {
  if (requestTimeoutMs === undefined && idleTimeoutMs === undefined) return undefined;
  return { timeoutMs: requestTimeoutMs ?? 0, idleMs: idleTimeoutMs, retry: undefined, responseEdits: undefined };
}
