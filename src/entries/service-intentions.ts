import { type Decoded, int, list, map, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import { intentionPrecedence } from './intention-precedence.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { cautionPermissions } from './permission-cautions.ts';
import { type IntentionPermission, jwt, permission, validateJwt, validatePermissions } from './permissions.ts';
import { caution, type Problem, problem } from './problem.ts';

const source = object({
  Name: withDefault(string(), '', 'The calling service, or *.'),
  Peer: optional(string(), 'Cluster peer that it belongs to.'),
  SamenessGroup: optional(string(), 'Sameness group that it belongs to.'),
  Action: optional(string(), 'allow or deny.'),
  Permissions: optional(list(permission), 'Decide by request; the first that matches counts.'),
  Precedence: withDefault(int(), 0, 'Computed: which of several intentions decides; the highest does.'),
  Type: withDefault(string(), 'consul', 'Always consul.'),
  Description: optional(string(), 'For people.'),
  LegacyID: optional(string(), 'Id of an old intention; read-only.'),
  LegacyMeta: optional(map(string()), 'Meta of an old intention; read-only.'),
  LegacyCreateTime: optional(string(), 'Read-only.'),
  LegacyUpdateTime: optional(string(), 'Read-only.'),
});

const schema = object({
  JWT: optional(jwt, 'Tokens that every request must carry.'),
  Sources: withDefault(list(source), [], 'Who may call, and who may not.'),
});

export type ServiceIntentions = EntryBase & Decoded<typeof schema>;
export type SourceIntention = ServiceIntentions['Sources'][number];

export const serviceIntentions: EntryKind<ServiceIntentions> = {
  kind: 'service-intentions',
  schema,
  normalize: (entry) => normalizeSources({ ...entry, Sources: (entry.Sources ?? []).map(withoutLegacyId) }),
  validate,
  references: (entry) => (entry.Name === '*' ? [] : [{ service: entry.Name }]),
};

/** As `normalize`, with all that intentions by id have. */
export function normalizeSources(entry: ServiceIntentions): ServiceIntentions {
  const sources = (entry.Sources ?? []).map((from) => ({
    ...from,
    Type: from.Type || 'consul',
    Precedence: intentionPrecedence(from.Name, entry.Name),
    ...(from.Permissions ? { Permissions: from.Permissions.map(upperCaseMethods) } : {}),
  }));
  return canonicalEntry({ ...entry, Sources: sources.sort((a, b) => b.Precedence - a.Precedence) }, schema);
}

/** Consul: who writes an entry makes the intentions in it nameless; a LegacyMeta would be lost with that, and is refused. */
function withoutLegacyId(source: SourceIntention): SourceIntention {
  const { LegacyID: _, LegacyCreateTime: __, LegacyUpdateTime: ___, LegacyMeta, ...rest } = source;
  return Object.keys(LegacyMeta ?? {}).length > 0 ? { ...rest, LegacyMeta: LegacyMeta! } : rest;
}

function upperCaseMethods(permission: IntentionPermission): IntentionPermission {
  const methods = permission.HTTP?.Methods;
  return methods ? { ...permission, HTTP: { ...permission.HTTP, Methods: methods.map((m) => m.toUpperCase()) } } : permission;
}

function validate(entry: ServiceIntentions): Problem[] {
  const found: Problem[] = [];
  const alone = (path: string, text: string): unknown => found.push(problem('alone', path, text));
  if (entry.Name === '') alone('Name', 'Name is required');
  if (isPartialWildcard(entry.Name)) alone('Name', `Name: ${PARTIAL_WILDCARD}`);
  found.push(...validateMeta(entry));
  if (entry.JWT) found.push(...validateJwt(entry.JWT, 'JWT'));
  if (entry.Sources.length === 0) alone('Sources', 'At least one source is required');
  const seen = new Set<string>();
  entry.Sources.forEach((from, i) => {
    const path = `Sources[${i}]`;
    found.push(...validateSource(from, path, entry.Name === '*'));
    const key = `${from.Peer ?? ''}/${from.Name}`;
    if (seen.has(key)) alone(path, `${path} defines ${JSON.stringify(from.Name)} more than once`);
    seen.add(key);
  });
  return found;
}

function validateSource(from: SourceIntention, path: string, wildcardDestination: boolean): Problem[] {
  const found: Problem[] = [];
  const alone = (field: string, text: string): unknown => found.push(problem('alone', `${path}.${field}`, `${path}.${text}`));
  const permissions = from.Permissions ?? [];
  if (from.Name === '') alone('Name', 'Name is required');
  if (isPartialWildcard(from.Name)) alone('Name', `Name: ${PARTIAL_WILDCARD}`);
  if (from.Peer)
    found.push(caution(`${path}.Peer`, `${path}.Peer: calls of cluster peers don't come to sidecars here: it decides nothing`));
  if (from.SamenessGroup) alone('SamenessGroup', 'SamenessGroup: Setting SamenessGroup requires Consul Enterprise');
  if (Buffer.byteLength(from.Description ?? '') > 512) alone('Description', 'Description exceeds maximum length 512');
  if (from.LegacyMeta !== undefined) alone('LegacyMeta', 'LegacyMeta must be omitted');
  if (permissions.length === 0 && from.Action !== 'allow' && from.Action !== 'deny') {
    alone('Action', "Action must be set to 'allow' or 'deny'");
  }
  if (permissions.length > 0 && from.Action !== undefined) alone('Action', 'Action must be omitted if Permissions are specified');
  if (permissions.length > 0 && wildcardDestination) {
    alone('Permissions', 'Permissions cannot be specified on intentions with wildcarded destinations');
  }
  if (from.Type !== 'consul') alone('Type', "Type must be set to 'consul'");
  found.push(...validatePermissions(permissions, path), ...cautionPermissions(permissions, path));
  return found;
}

const PARTIAL_WILDCARD = "wildcard character '*' cannot be used with partial values";
const isPartialWildcard = (name: string): boolean => name !== '*' && name.includes('*');
