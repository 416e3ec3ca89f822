import type { InboundListener } from '../compile/proxy-config.ts';
import type { Decision } from './decide.ts';
import { hasCapitals, judgeRequest, type Reading, type ReadyRule, readyRule } from './judge.ts';
import { isPlainPath, normalizePath } from './path.ts';
import type { MatchedRequest } from './request.ts';
import { RequestView } from './request-view.ts';

export type IntentionSettings = Pick<InboundListener, 'intentions' | 'defaultAction' | 'normalization'>;

const ALLOWED: readonly Decision[] = [{ action: 'allow' }];
const NOBODY: readonly Decision[] = [{ action: 'deny' }];

/**
 * The intentions of a service, made ready once for a configuration. A path is judged as the application will get it, and in its
 * normal form as well: only what is allowed however it is read goes on.
 */
export class IntentionTable {
  readonly #config: IntentionSettings;
  readonly #exact = new Map<string, ReadyRule>();
  #any: ReadyRule | undefined;

  /** `ignored` is told what of the rules can't be followed. */
  constructor(config: IntentionSettings, ignored: (reason: string) => void) {
    this.#config = config;
    for (const rule of config.intentions) {
      const ready = readyRule(rule, ignored);
      if (rule.source === '*') this.#any ??= ready;
      else if (!this.#exact.has(rule.source.toLowerCase())) this.#exact.set(rule.source.toLowerCase(), ready);
    }
  }

  /** What decides for requests of a service. */
  ruleFor(source: string): ReadyRule | undefined {
    const exact = this.#exact.get(source.toLowerCase());
    const any = this.#any;
    return !exact || (any && any.rule.precedence > exact.rule.precedence) ? any : exact;
  }

  /** Without a look at the request; undefined when one is needed. */
  always(ready: ReadyRule | undefined): readonly Decision[] | undefined {
    if (!ready) return this.#config.defaultAction === 'allow' ? ALLOWED : NOBODY;
    return ready.always;
  }

  /** How a request, cleaned up, is judged in each of its readings: all have to allow it. */
  read(request: MatchedRequest, ready: ReadyRule): readonly Decision[] {
    const { defaultAction } = this.#config;
    return this.readings(request, ready).map(({ reading, path }) =>
      judgeRequest(ready, defaultAction, reading, new RequestView(request, path)),
    );
  }

  /** The ways to read a request that can make a difference to a rule, with what its path is then. */
  readings({ path }: MatchedRequest, ready: ReadyRule): readonly { readonly reading: Reading; readonly path: string }[] {
    const { normalization } = this.#config;
    const readings: { reading: Reading; path: string }[] = [{ reading: 'sent', path }];
    const normal = normalization?.keepPaths ? path : normalizePath(path);
    if (!normalization?.keepPaths && (ready.twofold || !isPlainPath(path))) readings.push({ reading: 'normal', path: normal });
    if (ready.cased || hasCapitals(normal)) readings.push({ reading: 'anyCase', path: normal });
    return readings;
  }
}

/** It denies in any case, not only requests with a certain token. */
export const isDenial = ({ action, onlyWith }: Decision): boolean => action === 'deny' && !onlyWith;
