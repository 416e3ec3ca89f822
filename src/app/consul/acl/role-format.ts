import { grantLines, labelled, metaRows, ordered } from './format.ts';
import type { Role } from './model.ts';

const ORDER = 'ID Name Description Policies ServiceIdentities NodeIdentities TemplatedPolicies Hash CreateIndex ModifyIndex'.split(' ');

export const roleJson = (role: Role): unknown => ordered(role, ['ID', 'Name', 'Description', 'Hash', 'CreateIndex', 'ModifyIndex'], ORDER);

export function roleText(role: Role, meta: boolean): string {
  const { ID, Name, Description } = role;
  return labelled(14, [['ID', ID], ['Name', Name], ['Description', Description], ...metaRows(role, meta)]) + grantLines(role);
}

export function roleListText(roles: readonly Role[], meta: boolean): string {
  return roles
    .map((role) => {
      const rows = labelled(14, [['ID', role.ID], ['Description', role.Description], ...metaRows(role, meta)], '   ');
      return `${role.Name}:\n${rows}${grantLines(role, '   ')}`;
    })
    .join('');
}
