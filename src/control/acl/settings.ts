/** What an agent's configuration says of ACLs (`acl { … }`). */
export interface AclSettings {
  readonly enabled: boolean;
  /** What counts where no rule of a token speaks. */
  readonly defaultPolicy: 'allow' | 'deny';
  /** What counts where no intention speaks; the default policy when it is absent. */
  readonly defaultIntentionPolicy?: 'allow' | 'deny';
  /** Keep tokens that are set through the API. */
  readonly enableTokenPersistence: boolean;
  /** Reading all keys with a prefix needs the right to list it. */
  readonly enableKeyListPolicy?: boolean;
  readonly tokens: ConfiguredTokens;
}

/** The kinds of tokens that an agent uses by itself. All are secrets. */
export interface AgentTokenSet {
  /** For requests that have none. */
  readonly default?: string;
  readonly agent?: string;
  readonly agentRecovery?: string;
  readonly replication?: string;
  readonly configFileServiceRegistration?: string;
  readonly dns?: string;
}

export interface ConfiguredTokens extends AgentTokenSet {
  /** Made when the cluster has none, with every right. */
  readonly initialManagement?: string;
}

/** As in `-dev`. */
export const ACLS_OFF: AclSettings = { enabled: false, defaultPolicy: 'allow', enableTokenPersistence: false, tokens: {} };

/** What decides for connections that no intention speaks of. */
export function intentionDefault({ enabled, defaultPolicy, defaultIntentionPolicy }: AclSettings): 'allow' | 'deny' {
  return defaultIntentionPolicy ?? (enabled ? defaultPolicy : 'allow');
}
