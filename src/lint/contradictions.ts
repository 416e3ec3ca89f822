import type { Finding } from '../api/finding.ts';
import { sameName } from '../base/same-name.ts';
import { entries, entry } from '../catalog/queries.ts';
import type { StoredEntry } from '../catalog/types.ts';
import type { GraphError } from '../compile/chain-model.ts';
import { checkEntryChanges, type EntryWrite } from '../compile/check.ts';
import { proxyDefaultsOf, serviceDefaultsOf } from '../compile/protocol.ts';
import type { IngressGateway } from '../entries/gateways/ingress-gateway.ts';
import type { ServiceIntentions } from '../entries/service-intentions.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import { ofEntry, ofService, writeCommand } from './finding.ts';
import type { Looked } from './names.ts';
import { type Reference, references } from './references.ts';

/** As if all entries were written at once. */
export const writesOf = ({ s, dc }: Looked): EntryWrite[] =>
  entries(s, dc).value.map((one) => ({ type: 'put-entry', dc, entry: one }) satisfies EntryWrite);

/** Entries that do not fit together, by the rules by which a write of them would be refused. */
export function contradictions(looked: Looked): Finding[] {
  const { s, dc } = looked;
  const errors = checkEntryChanges(s, s, writesOf(looked));
  // Each chain that leads there says the same.
  const once = new Map(errors.map((error) => [/does not have a subset/.test(error.message) ? error.message : messageKey(error), error]));
  return [...once.values()].map((error): Finding => {
    const found = blamed(looked, error);
    const absent = looked.ofFiles && missing(looked, error);
    const summary = error.message.trim().replace(/\s*\n\s*\*?\s*/g, ' ');
    return {
      code: 'contradiction',
      // What is not among the files may have been written already.
      severity: absent ? 'warning' : 'error',
      summary: absent ? `${summary}, unless there is a ${absent} that these files don't hold` : summary,
      fix: fixOf(looked, error),
      datacenter: dc,
      about: found ? ofEntry(found.entry) : ofService(error.service),
      ...(found?.path === undefined ? {} : { path: found.path }),
    };
  });
}

const messageKey = ({ service, message }: GraphError): string => `${service}\n${message}`;

interface Blamed {
  readonly entry: StoredEntry;
  readonly path?: string | undefined;
}

/** In which entry to begin: the one that asks for most. */
const BLAMED = ['service-router', 'service-splitter', 'service-resolver', 'service-intentions', 'service-defaults'];

/** The place that asks for what is not there, as far as the message tells. */
function blamed(looked: Looked, { service, message }: GraphError): Blamed | undefined {
  const { s, dc } = looked;
  const places = (): Reference[] => references(s, dc);
  const subset = SUBSET.exec(message);
  if (subset) {
    const place = places().find((one) => sameName(one.service, subset[1]!) && one.subset === subset[2]);
    if (place) return { entry: place.entry, path: `${place.path}.ServiceSubset` };
  }
  const other = OTHER_PROTOCOL.exec(message);
  if (other) {
    const place = places().find((one) => sameName(one.service, other[1]!) && !sameName(one.entry.Name, other[1]!));
    if (place) return { entry: place.entry, path: `${place.path}.Service` };
  }
  const of = (kind: string): StoredEntry | undefined => entry(s, dc, kind, service).value;
  if (/L7 intentions|JWT Provider/.test(message)) {
    const intentions = of('service-intentions') as (StoredEntry & ServiceIntentions) | undefined;
    const at = intentions?.Sources.find(({ Permissions }) => Permissions);
    return intentions && { entry: intentions, path: /JWT/.test(message) ? 'JWT' : at && `Sources[${at.Name}].Permissions` };
  }
  if (/listener protocol/.test(message)) {
    const gateways = entries(s, dc, 'ingress-gateway').value as (StoredEntry & IngressGateway)[];
    for (const gateway of gateways) {
      const i = (gateway.Listeners ?? []).findIndex(({ Services }) => Services?.some(({ Name }) => sameName(Name, service)));
      if (i !== -1) return { entry: gateway, path: `Listeners[${i}].Protocol` };
    }
  }
  const found = BLAMED.map(of).find((one) => one !== undefined);
  return found && { entry: found };
}

/** Consul's words. */
const SUBSET = /service "([^"]+)" does not have a subset named "([^"]+)"/;
const OTHER_PROTOCOL = /service "([^"]+)" has "[^"]*" which is not "([^"]+)"/;

/** The entry whose absence alone makes two others contradict each other: `service-defaults payments`. */
function missing({ s, dc }: Looked, error: GraphError): string | undefined {
  const absent = (kind: string, name: string): string | undefined =>
    entry(s, dc, kind, name).value === undefined ? `${kind} ${name}` : undefined;
  const subset = SUBSET.exec(error.message);
  if (subset) return absent('service-resolver', subset[1]!);
  const provider = /Provider Name: (\S+)/.exec(error.message);
  if (provider) return `jwt-provider ${provider[1]}`;
  if (!isAboutProtocol(error) || proxyDefaultsOf(s, dc)) return undefined;
  return absent('service-defaults', OTHER_PROTOCOL.exec(error.message)?.[1] ?? error.service) ?? absent('service-defaults', error.service);
}

const isAboutProtocol = ({ message }: GraphError): boolean => /protocol/.test(message) && !/external SNI/.test(message);

function fixOf({ s, dc, ofFiles }: Looked, error: GraphError): string {
  const { service, message } = error;
  const named = OTHER_PROTOCOL.exec(message);
  const [name, wanted] = named ? [named[1]!, named[2]!] : [service, 'http'];
  if (isAboutProtocol(error)) {
    const Protocol = wanted === 'tcp' ? 'http' : wanted;
    if (ofFiles) return `service-defaults ${name} has to say Protocol = "${Protocol}"`;
    return writeCommand(serviceDefaultsOf(s, dc, name) ?? { Kind: 'service-defaults', Name: name }, { Protocol });
  }
  const subset = SUBSET.exec(message);
  if (subset) return `add subset ${subset[2]} to service-resolver ${subset[1]}, ${subsetsOf(s, dc, subset[1]!)}`;
  if (/JWT Provider/.test(message)) return 'write the jwt-provider first: mesh config write provider.hcl';
  return `mesh config list -kind service-resolver, and make the entries of ${service} agree`;
}

function subsetsOf(s: Looked['s'], dc: string, service: string): string {
  const names = Object.keys(
    (entry(s, dc, 'service-resolver', service).value as (StoredEntry & ServiceResolver) | undefined)?.Subsets ?? {},
  );
  return names.length === 0 ? 'which has none' : `or name one that it has: ${names.join(', ')}`;
}
