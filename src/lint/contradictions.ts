import type { Finding } from '../api/finding.ts';
import { entries, entry } from '../catalog/queries.ts';
import type { StoredEntry } from '../catalog/types.ts';
import type { GraphError } from '../compile/chain-model.ts';
import { checkEntryChanges, type EntryWrite } from '../compile/check.ts';
import { entryCautions } from '../compile/check-cautions.ts';
import { serviceDefaultsOf } from '../compile/protocol.ts';
import { entryKind } from '../entries/table.ts';
import { ofEntry, writeCommand } from './finding.ts';
import type { Looked } from './names.ts';

const writesOf = ({ s, dc }: Looked): EntryWrite[] =>
  entries(s, dc).value.map((one) => ({ type: 'put-entry', dc, entry: one }) satisfies EntryWrite);

/** Entries that do not fit together, by the rules by which a write of them would be refused. */
export function contradictions(looked: Looked): Finding[] {
  const { s, dc } = looked;
  const errors = checkEntryChanges(s, s, writesOf(looked));
  const once = new Map(errors.map((error) => [`${error.service}\n${error.message}`, error]));
  return [...once.values()].map((error) => {
    const subject = blamed(looked, error);
    return {
      code: 'contradiction',
      severity: 'error',
      summary: error.message.trim().replace(/\s*\n\s*\*?\s*/g, ' '),
      fix: fixOf(looked, error),
      datacenter: dc,
      about: subject ? ofEntry(subject) : { kind: 'service', name: error.service },
    };
  });
}

/** In which entry to begin: the one that asks for most. */
const BLAMED = ['service-router', 'service-splitter', 'service-resolver', 'service-intentions', 'service-defaults'];

function blamed({ s, dc }: Looked, { service, message }: GraphError): StoredEntry | undefined {
  const gateway = /listener protocol/.test(message)
    ? entries(s, dc, 'ingress-gateway').value.find((one) =>
        entryKind(one.Kind)!
          .references(one)
          .some((to) => to.service === service),
      )
    : undefined;
  if (gateway) return gateway;
  const kinds = /L7 intentions|JWT Provider/.test(message) ? ['service-intentions'] : BLAMED;
  return kinds.map((kind) => entry(s, dc, kind, service).value).find((one) => one !== undefined);
}

function fixOf({ s, dc }: Looked, { service, message }: GraphError): string {
  const named = /service "([^"]+)" has "[^"]*" which is not "([^"]+)"/.exec(message);
  const [name, protocol] = named ? [named[1]!, named[2]!] : [service, 'http'];
  if (/protocol/.test(message) && !/external SNI/.test(message)) {
    const defaults = serviceDefaultsOf(s, dc, name) ?? { Kind: 'service-defaults', Name: name };
    return writeCommand(defaults, { Protocol: protocol === 'tcp' ? 'http' : protocol });
  }
  const subset = /service "([^"]+)" does not have a subset named "([^"]+)"/.exec(message);
  if (subset) return `add subset ${subset[2]} to service-resolver ${subset[1]}: mesh config read -kind service-resolver -name ${subset[1]}`;
  if (/JWT Provider/.test(message)) return 'write the jwt-provider first: mesh config write provider.hcl';
  return `mesh config list -kind service-resolver, and make the entries of ${service} agree`;
}

/** What entries do otherwise than it seems: each for itself, and together. As a write of them is warned of. */
export function cautions(looked: Looked): Finding[] {
  const { s, dc } = looked;
  const alone = entries(s, dc).value.flatMap((one) =>
    (entryKind(one.Kind)?.validate(one) ?? [])
      .filter(({ severity }) => severity === 'warning')
      .map(
        ({ summary, hint, path }): Finding => ({
          code: 'caution',
          severity: 'warning',
          summary: `${one.Kind} ${one.Name}: ${summary}`,
          fix: hint ?? `mesh config read -kind ${one.Kind} -name ${one.Name}, and change it`,
          datacenter: dc,
          about: ofEntry(one),
          ...(path === undefined ? {} : { path }),
        }),
      ),
  );
  const together = entryCautions(s, writesOf(looked)).map(
    ({ summary, hint, about, path }): Finding => ({
      code: path?.startsWith('Sources') ? 'intention' : 'caution',
      severity: 'warning',
      summary,
      fix: hint,
      datacenter: dc,
      about,
      ...(path === undefined ? {} : { path }),
    }),
  );
  return [...alone, ...together];
}
