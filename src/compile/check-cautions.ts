import { sameName } from '../base/same-name.ts';
import { type Intention, listIntentions } from '../catalog/intentions.ts';
import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { ServiceIntentions } from '../entries/service-intentions.ts';
import { concernOf, type EntryWrite } from './check.ts';
import type { EntryCaution } from './entry-caution.ts';
import { isHttpLike, serviceProtocol } from './protocol.ts';
import { mirrorProblem } from './traffic.ts';

/** What entries do together once writes and deletes are made. `after` is the snapshot with them. */
export function entryCautions(after: Snapshot, ops: readonly EntryWrite[]): EntryCaution[] {
  return [...new Set(ops.map(({ dc }) => dc))].flatMap((dc) => {
    const own = ops.filter((op) => op.dc === dc);
    const written = own.flatMap((op) => (op.type === 'put-entry' && op.entry.Kind === 'service-intentions' ? op.entry.Name : []));
    const { chains, intentions } = concernOf(after, dc, own);
    const overBytes = [...intentions].flatMap((name) => tokensOverBytes(after, dc, name));
    const copies = [...chains].flatMap((service) => mirrorProblem(after, dc, service) ?? []);
    return [...overBytes, ...copies, ...(written.length > 0 ? neverDeciding(listIntentions(after, dc).value, written) : [])];
  });
}

/** Consul refuses permissions for bytes. Tokens it takes, and then denies each connection. */
function tokensOverBytes(after: Snapshot, dc: string, service: string): EntryCaution[] {
  const intentions = entry(after, dc, 'service-intentions', service).value as ServiceIntentions | undefined;
  if (!intentions?.JWT || !intentions.Sources.some((from) => from.Action === 'allow')) return [];
  const about = ofIntentions(intentions.Name);
  if (intentions.Name === '*') {
    const summary = 'the intentions of * ask for tokens: they deny every connection to services that do not speak http, http2 or grpc';
    return [{ summary, hint: 'allow callers of those in intentions of their own', about }];
  }
  const protocol = serviceProtocol(after, dc, service);
  if (isHttpLike(protocol)) return [];
  const name = JSON.stringify(intentions.Name);
  return [
    {
      summary: `the intentions of ${name} ask for tokens, but its protocol is ${JSON.stringify(protocol)}: they deny every connection`,
      hint: `set Protocol = "http" in service-defaults ${name}, or leave JWT out`,
      about,
      path: 'JWT',
    },
  ];
}

/**
 * Of `web => *` and `* => payments` neither is more exact, and Consul takes the second. The others that hide each other are one
 * rule and its exceptions, as they are meant. `written`: only pairs with one of these destinations.
 */
function neverDeciding(all: readonly Intention[], written: readonly string[]): EntryCaution[] {
  const isWritten = (name: string): boolean => written.some((one) => sameName(one, name));
  const ofCallers = all.filter(({ source, destination }) => source !== '*' && destination === '*');
  const ofServices = all.filter(({ source, destination }) => source === '*' && destination !== '*');
  const exact = new Set(all.map(({ source, destination }) => pair(source, destination)));
  return ofServices.flatMap((first) => {
    const service = first.destination;
    const hidden = ofCallers.filter(
      (intention) =>
        (isWritten(service) || isWritten('*')) &&
        !exact.has(pair(intention.source, service)) &&
        (first.action === undefined || says(intention) !== says(first)),
    );
    return hidden.map((intention) => ({
      summary: `${described(intention)} never decides about calls of ${service}: ${described(first)} comes first`,
      hint: `say in the intentions of ${service} what ${intention.source} may`,
      ...hiddenAt(intention, first, isWritten(service)),
    }));
  });
}

/** Where there is something to say: in the one that was not written, since whoever writes knows what that says. */
function hiddenAt(hidden: Intention, first: Intention, wroteFirst: boolean): Pick<EntryCaution, 'about' | 'path'> {
  const { source, destination } = wroteFirst ? hidden : first;
  return { about: ofIntentions(destination), path: `Sources[${source}]` };
}

const ofIntentions = (name: string): EntryCaution['about'] => ({ kind: 'service-intentions', name });
const described = (intention: Intention): string =>
  `${intention.source} => ${intention.destination} (${says(intention)}, precedence ${intention.precedence})`;
const says = ({ action, needsToken }: Intention): string =>
  `${action ?? 'permissions'}${needsToken && action !== 'deny' ? ' with JWT' : ''}`;
const pair = (source: string, destination: string): string => `${source}\n${destination}`.toLowerCase();
