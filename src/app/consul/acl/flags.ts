import type { Completes } from '../../../commands/command.ts';
import { type Flag, textFlag } from '../flags.ts';

const several = (name: string, doc: string, completes?: Completes): Flag => ({
  name,
  kind: 'list',
  value: 'value',
  doc: `${doc} Repeatable.`,
  ...(completes === undefined ? {} : { completes }),
});

export const ID = (what: string): Flag => textFlag('id', `ID of the ${what}, or the beginning of it.`);
export const NAME = (what: 'policy' | 'role' | 'auth method'): Flag =>
  textFlag('name', `Name of the ${what}.`, { completes: what === 'auth method' ? 'auth-method' : what });
export const DESCRIPTION: Flag = textFlag('description', 'What it is for.');
export const META: Flag = { name: 'meta', kind: 'bool', doc: 'Show hash and indexes too.' };
export const FORMAT: Flag = textFlag('format', 'pretty or json.', { choices: ['pretty', 'json'] });
export const NO_MERGE: Flag = { name: 'no-merge', kind: 'bool', doc: 'What is not given is emptied, not kept.' };

/** Who a token is: `-accessor-id`, and `-id` as it was before 1.15. */
export const ACCESSOR: readonly Flag[] = [
  textFlag('accessor-id', 'Accessor ID of the token, or the beginning of it.'),
  textFlag('id', 'The same, as before 1.15.'),
];

/** What a role, and with `-role-…` a token, is made of. */
export const ROLE_GRANTS: readonly Flag[] = [
  several('policy-id', 'ID of a policy, or the beginning of it.'),
  several('policy-name', 'Name of a policy.', 'policy'),
  several('service-identity', 'What a service needs: NAME or NAME:DATACENTER,…', 'service'),
  several('node-identity', 'What a node needs: NAME:DATACENTER.'),
  textFlag('templated-policy', 'Name of a templated policy, such as builtin/service; -var fills it in.'),
  textFlag('templated-policy-file', 'File with templated policies and their variables.', { completes: 'file' }),
  several('var', 'Variable of -templated-policy: name:value.'),
];

export const TOKEN_GRANTS: readonly Flag[] = [
  ...ROLE_GRANTS,
  several('role-id', 'ID of a role, or the beginning of it.'),
  several('role-name', 'Name of a role.', 'role'),
];

export const APPENDED_GRANTS: readonly Flag[] = [
  several('append-policy-id', 'ID of a policy to add.'),
  several('append-policy-name', 'Name of a policy to add.', 'policy'),
  several('append-role-id', 'ID of a role to add.'),
  several('append-role-name', 'Name of a role to add.', 'role'),
  several('append-service-identity', 'Service identity to add.', 'service'),
  several('append-node-identity', 'Node identity to add.'),
  textFlag('append-templated-policy', 'Templated policy to add.'),
  textFlag('append-templated-policy-file', 'File with templated policies to add.', { completes: 'file' }),
  ...['policies', 'roles', 'service-identities', 'node-identities'].map(
    (what): Flag => ({ name: `merge-${what}`, kind: 'bool', doc: `Add to the ${what} that are there; newer: -append-….` }),
  ),
];
