import type { Command, CommandGroup } from '../command.ts';

type Load = () => Promise<Command>;

function group(word: string, what: string, examples: readonly string[], commands: Readonly<Record<string, Load>>): CommandGroup {
  return { name: `acl ${word}`, synopsis: what, description: `${what}.`, examples, commands };
}

const policy = group('policy', 'Work with policies', ['acl policy create -name readers -rules @readers.hcl', 'acl policy list'], {
  create: async () => (await import('./policy-write.ts')).policyCreate,
  delete: async () => (await import('./policy-read.ts')).policyDelete,
  list: async () => (await import('./policy-read.ts')).policyList,
  read: async () => (await import('./policy-read.ts')).policyRead,
  update: async () => (await import('./policy-write.ts')).policyUpdate,
});

const token = group('token', 'Work with tokens', ['acl token create -policy-name readers', 'acl token list'], {
  clone: async () => (await import('./token-write.ts')).tokenClone,
  create: async () => (await import('./token-write.ts')).tokenCreate,
  delete: async () => (await import('./token-read.ts')).tokenDelete,
  list: async () => (await import('./token-read.ts')).tokenList,
  read: async () => (await import('./token-read.ts')).tokenRead,
  update: async () => (await import('./token-update.ts')).tokenUpdate,
});

const role = group('role', 'Work with roles', ['acl role create -name operators -policy-name readers', 'acl role list'], {
  create: async () => (await import('./role-write.ts')).roleCreate,
  delete: async () => (await import('./role-read.ts')).roleDelete,
  list: async () => (await import('./role-read.ts')).roleList,
  read: async () => (await import('./role-read.ts')).roleRead,
  update: async () => (await import('./role-write.ts')).roleUpdate,
});

const authMethod = group('auth-method', 'Work with auth methods', ['acl auth-method create -type jwt -name ci -config @ci.json'], {
  create: async () => (await import('./auth-method-write.ts')).authMethodCreate,
  delete: async () => (await import('./auth-method-read.ts')).authMethodDelete,
  list: async () => (await import('./auth-method-read.ts')).authMethodList,
  read: async () => (await import('./auth-method-read.ts')).authMethodRead,
  update: async () => (await import('./auth-method-write.ts')).authMethodUpdate,
});

const bindingRule = group('binding-rule', 'Work with binding rules', ['acl binding-rule create -method ci -bind-name web'], {
  create: async () => (await import('./binding-rule-write.ts')).bindingRuleCreate,
  delete: async () => (await import('./binding-rule-read.ts')).bindingRuleDelete,
  list: async () => (await import('./binding-rule-read.ts')).bindingRuleList,
  read: async () => (await import('./binding-rule-read.ts')).bindingRuleRead,
  update: async () => (await import('./binding-rule-write.ts')).bindingRuleUpdate,
});

const templatedPolicy = group('templated-policy', 'Work with templated policies', ['acl templated-policy list'], {
  list: async () => (await import('./templated-policy.ts')).templatedPolicyList,
  preview: async () => (await import('./templated-policy.ts')).templatedPolicyPreview,
  read: async () => (await import('./templated-policy.ts')).templatedPolicyRead,
});

/** Consul's `acl`. */
export const acl: CommandGroup = {
  name: 'acl',
  description: 'Works with what bearers of tokens may do: tokens, policies, roles, and how other systems vouch for their own.',
  examples: [
    'acl bootstrap',
    'acl policy create -name readers -rules @readers.hcl',
    'acl token create -policy-name readers',
    'acl token list',
  ],
  commands: {
    'auth-method': () => Promise.resolve(authMethod),
    'binding-rule': () => Promise.resolve(bindingRule),
    bootstrap: async () => (await import('./bootstrap.ts')).bootstrap,
    policy: () => Promise.resolve(policy),
    role: () => Promise.resolve(role),
    'set-agent-token': async () => (await import('./set-agent-token.ts')).setAgentToken,
    'templated-policy': () => Promise.resolve(templatedPolicy),
    token: () => Promise.resolve(token),
    'translate-rules': async () => (await import('./translate-rules.ts')).translateRules,
  },
};
