import type { AgentSettings } from '../../agent-config/settings.ts';
import type { AgentTokenSet } from '../../control/acl/settings.ts';
import type { Tuning } from '../../control/agent/tuning.ts';
import type { ControlPlaneOptions } from '../../control/plane.ts';

/** What the control plane takes from flags and files; nothing where there are none. */
export function planeSettings(settings: AgentSettings | undefined): Pick<ControlPlaneOptions, 'compat' | 'acl' | 'caConfig' | 'tuning'> {
  if (!settings) return {};
  const { acl, connect, compat, defaultIntentionPolicy } = settings;
  return {
    compat,
    acl: { ...acl, ...(defaultIntentionPolicy === undefined ? {} : { defaultIntentionPolicy }) },
    caConfig: connect.caConfig,
    tuning: tuningOf(settings),
  };
}

/** What of the configuration services take that are there anyway. */
export function tuningOf(settings: AgentSettings): Tuning {
  const { sessionTtlMinMs, sidecarPorts, serverPort, serfLanPort, serfWanPort, limits } = settings;
  return {
    sessionTtlMinMs,
    sidecarPorts,
    ports: { server: serverPort, serfLan: serfLanPort, serfWan: serfWanPort },
    checks: {
      outputMaxSize: settings.checkOutputMaxSize,
      discardOutput: settings.discardCheckOutput,
      updateIntervalMs: settings.checkUpdateIntervalMs,
    },
    requestLimits: limits.requestLimits,
  };
}

/** The tokens that the agent works with; the one for the first manager is not of them. */
export function ownTokens({ acl }: AgentSettings): AgentTokenSet {
  return Object.fromEntries(Object.entries(acl.tokens).filter(([kind]) => kind !== 'initialManagement'));
}
