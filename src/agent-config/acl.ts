import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';
import type { AclSettings, AclTokens } from './settings.ts';

const DOWN_POLICIES = ['allow', 'deny', 'extend-cache', 'async-cache'] as const;

/** `acl { … }`, and the flat keys of before 1.4, whose `acl_datacenter` alone switches ACLs on. */
export function aclOf(config: RawConfig, findings: Findings): AclSettings {
  const { acl = {} } = config;
  const policy = acl.default_policy ?? config.acl_default_policy;
  const down = acl.down_policy ?? config.acl_down_policy;
  return {
    enabled: acl.enabled ?? Boolean(config.acl_datacenter),
    defaultPolicy: findings.choice('acl.default_policy', policy, ['allow', 'deny'], 'allow', 'unsupported default ACL policy'),
    downPolicy: findings.choice('acl.down_policy', down, DOWN_POLICIES, 'extend-cache', 'unsupported down ACL policy'),
    enableKeyListPolicy: acl.enable_key_list_policy ?? false,
    enableTokenPersistence: acl.enable_token_persistence ?? false,
    tokens: tokensOf(config),
  };
}

function tokensOf({ acl = {}, ...config }: RawConfig): AclTokens {
  const { tokens = {} } = acl;
  const found = {
    initialManagement: tokens.initial_management || tokens.master || config.acl_master_token,
    agent: tokens.agent || config.acl_agent_token,
    default: tokens.default || config.acl_token,
    agentRecovery: tokens.agent_recovery || tokens.agent_master || config.acl_agent_master_token,
    replication: tokens.replication || config.acl_replication_token,
    configFileServiceRegistration: tokens.config_file_service_registration,
    dns: tokens.dns,
  };
  return Object.fromEntries(Object.entries(found).filter(([, token]) => Boolean(token))) as AclTokens;
}
