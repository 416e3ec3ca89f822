import { messageOf } from '../../../../base/errors.ts';
import type { ProxyConfig } from '../../../../compile/proxy-config.ts';
import type { DataPlane } from '../../../../proxy/dataplane.ts';
import type { ApiResponse } from '../../client.ts';
import { Failure } from '../../command.ts';
import { parseJson } from '../../json.ts';
import {
  type Answers,
  type ConnectInstance,
  instanceKey,
  type Leaf,
  type MatchedIntention,
  type ProxyService,
  type Roots,
} from './answers.ts';
import { follow, type Question, type Surroundings } from './follow.ts';
import { configOf } from './mirror.ts';

/** Kinds that say something about what a sidecar does. */
const KINDS = ['proxy-defaults', 'service-defaults', 'service-router', 'service-splitter', 'service-resolver', 'terminating-gateway'];
/** Since Consul 1.10. */
const NEWER_KINDS = ['mesh'];

/** No rule names it: what decides for it is the default. */
const NOBODY = '(nobody that an intention names)';

export interface SidecarOptions extends Surroundings {
  readonly dataPlane: DataPlane;
  /** What it is, or the id of the registered proxy that says so. */
  readonly proxy: ProxyService | { readonly id: string };
}

type Writable<T> = { -readonly [K in keyof T]?: T[K] };

/** One sidecar that asks a Consul for everything it has to know, and serves on with what it knows when that is gone. */
export class LiveSidecar {
  readonly #options: SidecarOptions;
  readonly #known: Writable<Answers> = {};
  readonly #entries = new Map<string, readonly object[]>();
  readonly #instances = new Map<string, readonly ConnectInstance[]>();
  /** What is asked for, by the service whose instances it is. */
  readonly #asking = new Map<string, AbortController>();
  #service = '';
  #updates = 0;
  #applying: Promise<void> = Promise.resolve();
  #serves = false;
  #fail: (reason: Failure) => void = () => undefined;

  constructor(options: SidecarOptions) {
    this.#options = options;
  }

  /** Resolves when it is told to stop. Rejects with a Failure when it can't listen where it has to from the beginning. */
  async run(): Promise<void> {
    const { proxy, signal } = this.#options;
    const ended = new Promise<void>((done, fail) => {
      this.#fail = fail;
      signal.addEventListener('abort', () => done(), { once: true });
      if (signal.aborted) done();
    });
    if ('id' in proxy)
      this.#ask({
        path: `/v1/agent/service/${encodeURIComponent(proxy.id)}`,
        byHash: true,
        onAnswer: (answer) => this.#isProxy(jsonOf(answer)),
      });
    else this.#isProxy(proxy);
    await ended;
    await this.#applying;
  }

  #ask(question: Question, signal = this.#options.signal): void {
    void follow(question, { ...this.#options, signal });
  }

  #isProxy(proxy: ProxyService): void {
    this.#known.proxy = proxy;
    for (const upstream of queriesOf(proxy))
      this.#options.log.log('warn', 'an upstream that is a prepared query finds nothing here: only an agent carries it out', { upstream });
    const service = proxy.Proxy.DestinationServiceName;
    if (this.#service === '') this.#askFor(service);
    this.#changed();
  }

  /** The service that it stands for is not another one later. */
  #askFor(service: string): void {
    this.#service = service;
    const name = encodeURIComponent(service);
    this.#ask({ path: `/v1/agent/connect/ca/leaf/${name}`, onAnswer: (answer) => this.#learn({ leaf: jsonOf<Leaf>(answer) }) });
    this.#ask({ path: '/v1/agent/connect/ca/roots', onAnswer: (answer) => this.#learn({ roots: jsonOf<Roots>(answer) }) });
    for (const kind of [...KINDS, ...NEWER_KINDS]) {
      const accepts = ({ body }: ApiResponse) => NEWER_KINDS.includes(kind) && body.startsWith('invalid config entry kind');
      this.#ask({ path: `/v1/config/${kind}`, accepts, onAnswer: (answer) => this.#haveEntries(kind, answer) });
    }
    // Which of them match can only be asked at once. Who may not see them all looks at his own from time to time.
    this.#ask({ path: '/v1/connect/intentions', accepts: ({ status }) => status === 403, onAnswer: () => this.#matchIntentions() });
  }

  #learn(known: Partial<Answers>): void {
    Object.assign(this.#known, known);
    this.#changed();
  }

  #haveEntries(kind: string, answer: ApiResponse): void {
    this.#entries.set(kind, answer.status === 200 ? (jsonOf<object[] | null>(answer) ?? []) : []);
    this.#changed();
  }

  async #matchIntentions(): Promise<void> {
    const { api, signal } = this.#options;
    const service = this.#service;
    const [matched, checked] = await Promise.all([
      api.expectOk('GET', '/v1/connect/intentions/match', { query: { by: 'destination', name: service }, signal }),
      api.expectOk('GET', '/v1/connect/intentions/check', { query: { source: NOBODY, destination: service }, signal }),
    ]);
    const intentions = parseJson<Record<string, MatchedIntention[] | null>>(matched)[service] ?? [];
    this.#learn({ intentions, defaultAllow: parseJson<{ Allowed: boolean }>(checked).Allowed });
  }

  #changed(): void {
    const answers = this.#complete();
    if (!answers) return;
    let config: ProxyConfig;
    try {
      const built = configOf(answers);
      if (!built.ok) throw new Error(built.error.map(({ summary }) => summary).join('; '));
      config = built.value;
    } catch (error) {
      this.#options.log.log('error', 'going on as before, for what Consul says can not be served', { reason: messageOf(error) });
      return;
    }
    this.#askForInstances(config);
    // Who is called is not known as long as it is not known where.
    if ([...this.#asking.keys()].every((key) => this.#instances.has(key))) this.#apply(config, answers);
  }

  #complete(): Answers | undefined {
    const { proxy, leaf, roots, intentions, defaultAllow } = this.#known;
    if (!proxy || !leaf || !roots || !intentions || defaultAllow === undefined) return undefined;
    if ([...KINDS, ...NEWER_KINDS].some((kind) => !this.#entries.has(kind))) return undefined;
    return { proxy, leaf, roots, intentions, defaultAllow, entries: this.#entries, instances: this.#instances };
  }

  /** Asks for the instances of all that calls may lead to, and no longer for others. */
  #askForInstances({ clusters }: ProxyConfig): void {
    const wanted = new Map(Object.values(clusters).map((cluster) => [instanceKey(cluster), cluster]));
    for (const [key, asking] of this.#asking) {
      if (wanted.has(key)) continue;
      asking.abort();
      this.#asking.delete(key);
      this.#instances.delete(key);
    }
    for (const [key, { service, datacenter }] of wanted) {
      if (this.#asking.has(key)) continue;
      const asking = new AbortController();
      this.#asking.set(key, asking);
      const onAnswer = (answer: ApiResponse) => {
        this.#instances.set(key, jsonOf<ConnectInstance[] | null>(answer) ?? []);
        this.#changed();
      };
      const path = `/v1/health/connect/${encodeURIComponent(service)}`;
      this.#ask({ path, query: { dc: datacenter }, onAnswer }, AbortSignal.any([asking.signal, this.#options.signal]));
    }
  }

  #apply(config: ProxyConfig, { leaf, roots }: Answers): void {
    const { dataPlane, log } = this.#options;
    const pems = roots.Roots.map(({ RootCert }) => RootCert);
    const leaves = [
      { identity: config.identity, certPem: leaf.CertPEM, keyPem: leaf.PrivateKeyPEM, notAfter: Date.parse(leaf.ValidBefore) },
    ];
    const index = ++this.#updates;
    const rest = { removedProxies: [], forwards: [], removedForwards: [] };
    this.#applying = dataPlane.apply({ type: 'update', index, full: true, proxies: [config], leaves, roots: pems, ...rest }).then(
      ({ errors }) => {
        const [reason] = Object.values(errors);
        // Later there are callers whom it serves, and the next change tries again.
        if (reason !== undefined && !this.#serves) return this.#fail(new Failure(`Error starting proxy: could not listen: ${reason}`));
        if (reason !== undefined) log.log('error', 'could not listen', { reason });
        if (!this.#serves) log.log('info', 'serving', { service: config.service, identity: config.identity });
        this.#serves = true;
      },
      (error: unknown) => log.log('error', 'the configuration could not be applied', { reason: messageOf(error) }),
    );
  }
}

/** Names of the upstreams that are prepared queries. */
function queriesOf({ Proxy: { Upstreams } }: ProxyService): string[] {
  const upstreams = (Upstreams ?? []) as readonly { readonly DestinationType?: string; readonly DestinationName: string }[];
  return upstreams.filter(({ DestinationType }) => DestinationType === 'prepared_query').map(({ DestinationName }) => DestinationName);
}

const jsonOf = <T>({ body }: ApiResponse): T => parseJson<T>(body);
