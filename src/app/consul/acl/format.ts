import type { Io } from '../../io.ts';
import { Failure } from '../command.ts';
import type { FlagValues } from '../flags.ts';
import { printJson } from '../json.ts';
import { type Grants, type Indexes, variableName } from './model.ts';

/** Prints in the format asked for. Throws a Failure when there is none of that name. */
export function print(io: Io, flags: FlagValues, json: unknown, pretty: () => string): void {
  const format = flags.string('format') || 'pretty';
  if (format !== 'pretty' && format !== 'json') throw new Failure(`Unknown format: ${format}`);
  const text = format === 'pretty' ? pretty() : '';
  if (format === 'json') printJson(io, json);
  else if (text !== '') io.out(`${text}\n`);
}

/** Lines of `Name:` and value, values in one column. */
export function labelled(width: number, rows: readonly (readonly [name: string, value: string | number | boolean])[], indent = ''): string {
  return rows.map(([name, value]) => `${indent}${`${name}:`.padEnd(width)}${value}\n`).join('');
}

/** Of `-meta`: the hash in hexadecimal. */
export function metaRows({ Hash, CreateIndex, ModifyIndex }: Indexes, shown: boolean): (readonly [string, string | number])[] {
  if (!shown) return [];
  const hash = Hash === undefined ? [] : [['Hash', Buffer.from(Hash, 'base64').toString('hex')] as const];
  return [...hash, ['Create Index', CreateIndex], ['Modify Index', ModifyIndex]];
}

/** Policies, roles and identities, each below its title. */
export function grantLines(grants: Grants, indent = ''): string {
  const block = (title: string, lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${indent}${title}:\n${lines.map((line) => `${indent}   ${line}\n`).join('')}`;
  const datacenters = (names: readonly string[] | null | undefined): string => (names?.length ? names.join(', ') : 'all');
  return [
    block(
      'Policies',
      (grants.Policies ?? []).map(({ ID, Name }) => `${ID} - ${Name}`),
    ),
    block(
      'Roles',
      (grants.Roles ?? []).map(({ ID, Name }) => `${ID} - ${Name}`),
    ),
    block(
      'Service Identities',
      (grants.ServiceIdentities ?? []).map(({ ServiceName, Datacenters }) => `${ServiceName} (Datacenters: ${datacenters(Datacenters)})`),
    ),
    block(
      'Node Identities',
      (grants.NodeIdentities ?? []).map(({ NodeName, Datacenter }) => `${NodeName} (Datacenter: ${Datacenter})`),
    ),
    block(
      'Templated Policies',
      (grants.TemplatedPolicies ?? []).flatMap((policy) => [
        policy.TemplateName,
        ...(variableName(policy.TemplateVariables) === '' ? [] : [`   Name: ${variableName(policy.TemplateVariables)}`]),
        `   Datacenters: ${datacenters(policy.Datacenters)}`,
      ]),
    ),
  ].join('');
}

/** Go's default form of a time: `2026-11-29 07:35:38.705442248 +0000 UTC`. */
export function goTime(text: string): string {
  const [, day, clock, zone = 'Z'] = /^([^T]+)T([\d:.]+)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (day === undefined) return text;
  const offset = zone === 'Z' ? '+0000 UTC' : `${zone.replace(':', '')} ${zone.replace(':', '')}`;
  return `${day} ${clock} ${offset}`;
}

/** Fields in the order of Go's struct, without those that are empty and left out there. */
export function ordered(value: object, always: readonly string[], order: readonly string[]): Record<string, unknown> {
  const given = value as Readonly<Record<string, unknown>>;
  const pairs = order.map((name) => [name, given[name]] as const);
  return Object.fromEntries(pairs.filter(([name, one]) => one !== undefined && (always.includes(name) || !isEmpty(one))));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '' || value === 0 || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
