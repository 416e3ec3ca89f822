import { labelled, metaRows, ordered } from './format.ts';
import type { Policy } from './model.ts';

const ORDER = 'ID Name Description Rules Datacenters Hash CreateIndex ModifyIndex'.split(' ');

export const policyJson = (policy: Policy): unknown =>
  ordered(policy, ['ID', 'Name', 'Description', 'Rules', 'Datacenters', 'CreateIndex', 'ModifyIndex'], ORDER);

export function policyText(policy: Policy, meta: boolean): string {
  const { ID, Name, Description, Datacenters, Rules = '' } = policy;
  const rows = [['ID', ID] as const, ['Name', Name] as const, ...common(Description, Datacenters), ...metaRows(policy, meta)];
  return `${labelled(14, rows)}Rules:\n${Rules}`;
}

export function policyListText(policies: readonly Policy[], meta: boolean): string {
  return policies
    .map((policy) => {
      const rows = [['ID', policy.ID] as const, ...common(policy.Description, policy.Datacenters), ...metaRows(policy, meta)];
      return `${policy.Name}:\n${labelled(14, rows, '   ')}`;
    })
    .join('');
}

function common(description: string, datacenters: readonly string[] | null | undefined): (readonly [string, string])[] {
  return [
    ['Description', description],
    ['Datacenters', (datacenters ?? []).join(', ')],
  ];
}
