import type { AgentSettings } from '../../agent-config/settings.ts';
import type { ControlPlaneOptions } from '../../control/plane.ts';

/** What the control plane takes from flags and files; nothing where there are none. */
export function planeSettings(settings: AgentSettings | undefined): Pick<ControlPlaneOptions, 'compat' | 'acl' | 'caConfig'> {
  if (!settings) return {};
  const { acl, connect, compat, defaultIntentionPolicy } = settings;
  return {
    compat,
    acl: { ...acl, ...(defaultIntentionPolicy === undefined ? {} : { defaultIntentionPolicy }) },
    caConfig: connect.caConfig,
  };
}
