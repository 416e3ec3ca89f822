import { goTime, grantLines, labelled, metaRows, ordered } from './format.ts';
import type { Token } from './model.ts';

const ORDER =
  'CreateIndex ModifyIndex AccessorID SecretID Description Policies Roles ServiceIdentities NodeIdentities TemplatedPolicies Local AuthMethod ExpirationTTL ExpirationTime CreateTime Hash Legacy Rules ExpandedPolicies ExpandedRoles NamespaceDefaultPolicyIDs NamespaceDefaultRoleIDs AgentACLDefaultPolicy AgentACLDownPolicy ResolvedByAgent'.split(
    ' ',
  );
const ALWAYS = ['CreateIndex', 'ModifyIndex', 'AccessorID', 'SecretID', 'Description', 'Local', 'CreateTime', 'Legacy'];

export const tokenJson = (token: Token): unknown => ordered(token, ALWAYS, ORDER);

export const tokenListJson = (token: Token, old: boolean): unknown => tokenJson(old ? { ...token, Legacy: token.Legacy ?? false } : token);

/** Width of the column of names. */
const WIDTH = 18;

export function tokenText(token: Token, meta: boolean): string {
  return `${labelled(WIDTH, [['AccessorID', token.AccessorID], ['SecretID', token.SecretID ?? ''], ...commonRows(token), ...metaRows(token, meta)])}${grantLines(token)}${rules(token)}`;
}

const rules = ({ Rules }: Token): string => (Rules ? `Rules:\n${Rules}\n` : '');

function commonRows(token: Token): (readonly [string, string | boolean])[] {
  return [
    ['Description', token.Description],
    ['Local', token.Local],
    ...(token.AuthMethod ? [['Auth Method', token.AuthMethod] as const] : []),
    ['Create Time', goTime(token.CreateTime)],
    ...(token.ExpirationTime ? [['Expiration Time', goTime(token.ExpirationTime)] as const] : []),
  ];
}

/** `old`: as 1.8, which hid the secrets and told tokens of before 1.4 from others. */
export function tokenListText(tokens: readonly Token[], meta: boolean, old: boolean): string {
  return tokens
    .map((token) => {
      const secret = old || token.SecretID === undefined ? [] : [['SecretID', token.SecretID] as const];
      const legacy = old ? [['Legacy', token.Legacy ?? false] as const] : [];
      const rows = [['AccessorID', token.AccessorID] as const, ...secret, ...commonRows(token), ...legacy, ...metaRows(token, meta)];
      return labelled(WIDTH, rows) + grantLines(token);
    })
    .join('\n');
}
