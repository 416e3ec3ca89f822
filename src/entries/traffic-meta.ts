import { parseDuration } from '../base/duration.ts';
import { isFieldName } from '../base/http-fields.ts';
import { didYouMean, nearest } from '../base/suggest.ts';
import { caution, type Problem } from './problem.ts';

/**
 * What Consul has no field for, written into the Meta of a service-defaults and meant for calls to that service. Any Consul keeps it,
 * and gives it to proxies with the discovery chain, as ServiceMeta, without an effect of its own.
 */
export interface TrafficMeta {
  readonly mirror?: { readonly service: string; readonly subset: string; readonly percent: number };
  readonly retryBudget?: { readonly percent: number; readonly minConcurrency: number };
  readonly stickySplit?: { readonly cookie?: { readonly name: string; readonly ttlMs: number }; readonly header?: string };
}

type Meta = Readonly<Record<string, string>>;

/** Envoy's defaults. */
const RETRY_PERCENT = 20;
const RETRY_CONCURRENCY = 3;

const percent = (text: string): boolean => /^\d+(\.\d+)?$/.test(text) && Number(text) <= 100;

/** What each value has to be. */
const RULES: Readonly<Record<string, readonly [accepts: (text: string) => boolean, expected: string]>> = {
  'mesh.mirror/service': [(text) => text !== '', 'the name of a service'],
  'mesh.mirror/subset': [() => true, 'the name of a subset'],
  'mesh.mirror/percent': [percent, 'a number from 0 to 100'],
  'mesh.retry-budget/percent': [percent, 'a number from 0 to 100'],
  'mesh.retry-budget/min-concurrency': [(text) => /^\d+$/.test(text), 'a whole number'],
  'mesh.sticky-split/header': [isFieldName, 'the name of a header'],
  'mesh.sticky-split/cookie': [isFieldName, 'the name of a cookie'],
  'mesh.sticky-split/ttl': [(text) => parseDuration(text).ok, 'a duration: 24h'],
};

export function readTrafficMeta(meta: Meta | undefined): TrafficMeta {
  const value = (name: string): string | undefined => {
    const text = meta?.[`mesh.${name}`];
    return text !== undefined && RULES[`mesh.${name}`]![0](text) ? text : undefined;
  };
  const service = value('mirror/service');
  const retryPercent = value('retry-budget/percent');
  const minConcurrency = value('retry-budget/min-concurrency');
  const cookie = value('sticky-split/cookie');
  const header = value('sticky-split/header')?.toLowerCase();
  return {
    ...(service === undefined
      ? {}
      : { mirror: { service, subset: value('mirror/subset') ?? '', percent: Number(value('mirror/percent') ?? 100) } }),
    ...(retryPercent === undefined && minConcurrency === undefined
      ? {}
      : { retryBudget: { percent: Number(retryPercent ?? RETRY_PERCENT), minConcurrency: Number(minConcurrency ?? RETRY_CONCURRENCY) } }),
    ...(cookie === undefined && header === undefined
      ? {}
      : {
          stickySplit: {
            ...(cookie === undefined ? {} : { cookie: { name: cookie, ttlMs: milliseconds(value('sticky-split/ttl')) } }),
            ...(header === undefined ? {} : { header }),
          },
        }),
  };
}

function milliseconds(text = '0s'): number {
  const duration = parseDuration(text);
  return duration.ok ? duration.ns / 1e6 : 0;
}

/** A setting that has no effect, because it is misspelt or its value makes no sense. Nobody is kept from writing it. */
export function cautionTrafficMeta(meta: Meta | undefined): Problem[] {
  return Object.entries(meta ?? {}).flatMap(([key, text]): Problem[] => {
    const [group = ''] = key.split('/');
    const ofGroup = Object.keys(RULES).filter((name) => name.startsWith(`${group}/`));
    const known = ofGroup.length > 0 ? ofGroup : Object.keys(RULES);
    // Whatever else stands in a Meta is somebody else's.
    if (ofGroup.length === 0 && nearest(key, known) === undefined) return [];
    const rule = RULES[key];
    if (!rule) return [caution(`Meta[${key}]`, `${JSON.stringify(key)} means nothing`, didYouMean(key, known))];
    return rule[0](text) ? [] : [caution(`Meta[${key}]`, `${key} is ${JSON.stringify(text)}, and has no effect: it must be ${rule[1]}`)];
  });
}
