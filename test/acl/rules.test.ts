import { describe, expect, it } from 'vitest';
import { BUILTIN_POLICIES, GLOBAL_MANAGEMENT_RULES_1_8 } from '../../src/acl/builtin.ts';
import { policyTemplates } from '../../src/acl/templates.ts';
import { parseRules } from '../../src/control/acl/rule-text.ts';

const refusal = async (text: string): Promise<string> => {
  const read = await parseRules(text);
  return read.ok ? `read: ${JSON.stringify(read.value)}` : read.error;
};

describe('the rule language', () => {
  it('reads every resource, by name and by prefix', async () => {
    const read = await parseRules(`
      acl = "read"  keyring = "write"  operator = "deny"  mesh = "read"  peering = "write"
      agent "a" { policy = "read" }  agent_prefix "" { policy = "write" }
      key "k" { policy = "list" }  key_prefix "k/" { policy = "deny" }
      service "web" { policy = "write" intentions = "read" }  service_prefix "w" { Policy = "read" }
      node_prefix "n" { policy = "read" }  session "s" { policy = "write" }
      event_prefix "e" { policy = "read" }  query_prefix "q" { policy = "write" }
      bogus "x" { policy = "read" }`);
    expect(read).toEqual({
      ok: true,
      value: [
        { resource: 'acl', access: 'read' },
        { resource: 'agent', name: 'a', access: 'read' },
        { resource: 'agent', name: '', prefix: true, access: 'write' },
        { resource: 'key', name: 'k', access: 'list' },
        { resource: 'key', name: 'k/', prefix: true, access: 'deny' },
        { resource: 'node', name: 'n', prefix: true, access: 'read' },
        { resource: 'service', name: 'web', access: 'write', intentions: 'read' },
        { resource: 'service', name: 'w', prefix: true, access: 'read' },
        { resource: 'session', name: 's', access: 'write' },
        { resource: 'event', name: 'e', prefix: true, access: 'read' },
        { resource: 'query', name: 'q', prefix: true, access: 'write' },
        { resource: 'keyring', access: 'write' },
        { resource: 'operator', access: 'deny' },
        { resource: 'mesh', access: 'read' },
        { resource: 'peering', access: 'write' },
      ],
    });
  });

  it.each([
    ['{"service":{"a":{"policy":"read"},"b":{"policy":"write"}}}'],
    ['{"service":[{"a":{"policy":"read"}},{"b":{"policy":"write"}}]}'],
    ['service "a" { policy = "read" }\nservice "b" { policy = "write" }'],
    ['service { a { policy = "read" } b { policy = "write" } }'],
  ])('reads %s', async (text) => {
    const value = [
      { resource: 'service', name: 'a', access: 'read' },
      { resource: 'service', name: 'b', access: 'write' },
    ];
    expect(await parseRules(text)).toEqual({ ok: true, value });
  });

  // Each as Consul 1.8.7 answered it.
  it.each([
    [
      'service "x" { policy = "bogus" }',
      'Invalid service policy: &acl.ServiceRule{Name:"x", Policy:"bogus", Intentions:"", EnterpriseRule:acl.EnterpriseRule{}}',
    ],
    [
      'service_prefix "x" { policy = "bogus" }',
      'Invalid service_prefix policy: &acl.ServiceRule{Name:"x", Policy:"bogus", Intentions:"", EnterpriseRule:acl.EnterpriseRule{}}',
    ],
    [
      'service "x" { policy = "read" intentions = "bogus" }',
      'Invalid service intentions policy: &acl.ServiceRule{Name:"x", Policy:"read", Intentions:"bogus", EnterpriseRule:acl.EnterpriseRule{}}',
    ],
    [
      'service "x" { intentions = "read" }',
      'Invalid service policy: &acl.ServiceRule{Name:"x", Policy:"", Intentions:"read", EnterpriseRule:acl.EnterpriseRule{}}',
    ],
    ['operator = "list"', 'Invalid operator policy: "list"'],
    ['acl = "bogus"', 'Invalid acl policy: "bogus"'],
    ['node "a" { policy = "list" }', 'Invalid node policy: &acl.NodeRule{Name:"a", Policy:"list", EnterpriseRule:acl.EnterpriseRule{}}'],
    ['agent "a" { policy = "list" }', 'Invalid agent policy: &acl.AgentRule{Node:"a", Policy:"list"}'],
    ['event "a" { policy = "list" }', 'Invalid event policy: &acl.EventRule{Event:"a", Policy:"list"}'],
    ['query_prefix "a" { policy = "list" }', 'Invalid query_prefix policy: &acl.PreparedQueryRule{Prefix:"a", Policy:"list"}'],
    ['session "a" { policy = "bogus" }', 'Invalid session policy: &acl.SessionRule{Node:"a", Policy:"bogus"}'],
    ['key "a" "b" { policy = "write" }', 'Invalid key policy: &acl.KeyRule{Prefix:"a", Policy:"", EnterpriseRule:acl.EnterpriseRule{}}'],
    ['keyring = "x"', 'Invalid keyring policy: "x"'],
    ['service "a" {', 'Failed to parse ACL rules: At 1:15: object expected closing RBRACE got: EOF'],
    ['service = "read"', 'Failed to parse ACL rules: At 1:11: unknown slice type: *ast.LiteralType'],
    ['operator "a" { policy = "write" }', 'Failed to parse ACL rules: At 1:10: root.operator: unknown type for string *ast.ObjectList'],
  ])('refuses %s', async (text, message) => expect(await refusal(text)).toBe(message));

  it('says of its own policies and templates what their texts say', async () => {
    for (const policy of BUILTIN_POLICIES) {
      const read = await parseRules(policy.Rules);
      expect(read.ok && new Set(read.value)).toEqual(new Set(policy.parsed));
    }
    for (const template of policyTemplates()) {
      const read = await parseRules(template.Template.replaceAll('{{.Name}}', 'web'));
      expect(read.ok && new Set(read.value)).toEqual(new Set(template.rules('web')));
    }
  });

  it('writes the management policy of Consul 1.8 as that does', () => {
    expect(GLOBAL_MANAGEMENT_RULES_1_8).toBe(
      '\nacl = "write"\nagent_prefix "" {\n\tpolicy = "write"\n}\nevent_prefix "" {\n\tpolicy = "write"\n}\nkey_prefix "" {\n\tpolicy = "write"\n}\nkeyring = "write"\nnode_prefix "" {\n\tpolicy = "write"\n}\noperator = "write"\nquery_prefix "" {\n\tpolicy = "write"\n}\nservice_prefix "" {\n\tpolicy = "write"\n\tintentions = "write"\n}\nsession_prefix "" {\n\tpolicy = "write"\n}',
    );
  });
});
