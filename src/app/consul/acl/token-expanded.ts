import { goTime, labelled, metaRows } from './format.ts';
import type { Grants, NodeIdentity, Policy, Role, ServiceIdentity, Token } from './model.ts';

/** A token with everything that it leads to. */
export interface ExpandedToken extends Token {
  readonly ExpandedPolicies?: readonly Policy[] | null;
  readonly ExpandedRoles?: readonly Role[] | null;
  readonly AgentACLDefaultPolicy?: string;
  readonly AgentACLDownPolicy?: string;
  readonly ResolvedByAgent?: string;
}

/** `acl token read -expanded`: policies with their rules, and what comes from the agent. */
export function expandedText(token: ExpandedToken, meta: boolean): string {
  const rows = [
    ['AccessorID', token.AccessorID],
    ['SecretID', token.SecretID ?? ''],
    ['Description', token.Description],
    ['Local', token.Local],
    ...(token.AuthMethod ? [['Auth Method', token.AuthMethod] as const] : []),
    ['Create Time', goTime(token.CreateTime)],
    ...(token.ExpirationTime ? [['Expiration Time', goTime(token.ExpirationTime)] as const] : []),
    ...metaRows(token, meta),
  ] as const;
  const policies = new Map((token.ExpandedPolicies ?? []).map((policy) => [policy.ID, policy]));
  const roles = (token.ExpandedRoles ?? []).map((role) => roleLines(role, policies));
  return [
    labelled(18, rows),
    grantBlocks(token, policies, ''),
    roles.length > 0 ? `Roles:\n${roles.join('')}` : '',
    '=== End of Authorizer Layer 0: Token ===\n',
    '=== Start of Authorizer Layer 2: Agent Configuration Defaults (Inherited) ===\n',
    'Description: Defined at request-time by the agent that resolves the ACL token; other agents may have different configuration defaults\n',
    `Resolved By Agent: ${JSON.stringify(token.ResolvedByAgent ?? '')}\n\n`,
    `Default Policy: ${token.AgentACLDefaultPolicy ?? ''}\n`,
    '   Description: Backstop rule used if no preceding layer has a matching rule (refer to default_policy option in agent configuration)\n\n',
    `Down Policy: ${token.AgentACLDownPolicy ?? ''}\n`,
    "   Description: Defines what to do if this Token's information cannot be read from the primary_datacenter (refer to down_policy option in agent configuration)\n\n",
  ].join('');
}

function grantBlocks(grants: Grants, policies: ReadonlyMap<string, Policy>, indent: string): string {
  const block = (title: string, lines: readonly string[]): string => (lines.length === 0 ? '' : `${indent}${title}:\n${lines.join('')}\n`);
  return [
    block(
      'Policies',
      (grants.Policies ?? []).map(({ ID = '' }) => policyLines(policies.get(ID), `${indent}  `)),
    ),
    block(
      'Service Identities',
      (grants.ServiceIdentities ?? []).map((one) => serviceLine(one, `${indent}  `)),
    ),
    block(
      'Node Identities',
      (grants.NodeIdentities ?? []).map((one) => nodeLine(one, `${indent}  `)),
    ),
  ].join('');
}

function policyLines(policy: Policy | undefined, indent: string): string {
  if (!policy) return '';
  const rules = (policy.Rules ?? '').replace(/\n+$/, '').replaceAll('\n', `\n${indent}    `);
  return [
    `${indent}Policy Name: ${policy.Name}\n`,
    `${indent}  ID: ${policy.ID}\n`,
    `${indent}  Description: ${policy.Description}\n`,
    `${indent}  Rules:\n${indent}    ${rules}\n\n`,
  ].join('');
}

function roleLines(role: Role, policies: ReadonlyMap<string, Policy>): string {
  return `  Role Name: ${role.Name}\n    ID: ${role.ID}\n    Description: ${role.Description}\n${grantBlocks(role, policies, '    ')}`;
}

const serviceLine = ({ ServiceName, Datacenters }: ServiceIdentity, indent: string): string =>
  `${indent}Name: ${ServiceName} (Datacenters: ${Datacenters?.length ? Datacenters.join(', ') : 'all'})\n`;
const nodeLine = ({ NodeName, Datacenter }: NodeIdentity, indent: string): string =>
  `${indent}Name: ${NodeName} (Datacenter: ${Datacenter})\n`;
