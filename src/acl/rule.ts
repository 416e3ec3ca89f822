import type { AclRule } from '../catalog/acl-rows.ts';

/** Resources that stand for one thing, in the order in which Consul reads them: `operator = "read"`. */
export const PLAIN_RESOURCES = ['acl', 'keyring', 'operator', 'mesh', 'peering'] as const;

/** Resources of which there are many: `service "web" { … }`, `service_prefix "" { … }`; in the order in which Consul reads them. */
export const NAMED_RESOURCES = ['agent', 'identity', 'key', 'node', 'service', 'session', 'event', 'query'] as const;

export type NamedResource = (typeof NAMED_RESOURCES)[number];

/** Weakest first. `list` is for keys. */
export const ACCESSES = ['read', 'list', 'write', 'deny'] as const;

/** What Go calls the type of a rule, and its name; Consul's messages show both. */
const GO_NAMES: Readonly<Record<NamedResource, { type: string; name: string; more: string }>> = {
  agent: { type: 'AgentRule', name: 'Node', more: '' },
  identity: { type: 'IdentityRule', name: 'Name', more: ', EnterpriseRule:acl.EnterpriseRule{}' },
  key: { type: 'KeyRule', name: 'Prefix', more: ', EnterpriseRule:acl.EnterpriseRule{}' },
  node: { type: 'NodeRule', name: 'Name', more: ', EnterpriseRule:acl.EnterpriseRule{}' },
  service: { type: 'ServiceRule', name: 'Name', more: ', EnterpriseRule:acl.EnterpriseRule{}' },
  session: { type: 'SessionRule', name: 'Node', more: '' },
  event: { type: 'EventRule', name: 'Event', more: '' },
  query: { type: 'PreparedQueryRule', name: 'Prefix', more: '' },
};

/** A rule as Go's `%#v` prints it. */
export function goRule({ resource, name = '', access, intentions = '' }: AclRule): string {
  const go = GO_NAMES[resource as NamedResource];
  const extra = resource === 'service' ? `, Intentions:${JSON.stringify(intentions)}` : '';
  return `&acl.${go.type}{${go.name}:${JSON.stringify(name)}, Policy:${JSON.stringify(access)}${extra}${go.more}}`;
}

/** The text of rules, in Consul's layout. `indent` is what stands before `policy`. */
export function formatRules(rules: readonly AclRule[], indent = '\t'): string {
  return rules.map((rule) => formatRule(rule, indent)).join('\n');
}

function formatRule({ resource, name, prefix, access, intentions }: AclRule, indent: string): string {
  if (name === undefined) return `${resource} = "${access}"`;
  const lines = [`policy = "${access}"`, ...(intentions === undefined ? [] : [`intentions = "${intentions}"`])];
  const body = lines.map((line) => `${indent}${line}\n`).join('');
  return `${resource}${prefix ? '_prefix' : ''} ${JSON.stringify(name)} {\n${body}}`;
}
