import type { Json } from '../schema/located.ts';
import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';
import type { AgentSettings } from './settings.ts';

/** As the API calls the settings of Consul's own CA; files write them in snake_case. */
const CA_NAMES =
  'LeafCertTTL IntermediateCertTTL RootCertTTL RotationPeriod CSRMaxPerSecond CSRMaxConcurrent PrivateKeyType PrivateKeyBits PrivateKey RootCert DisableCrossSigning ClusterID'.split(
    ' ',
  );

const plain = (key: string): string => key.replaceAll('_', '').toLowerCase();

export function connectOf({ connect = {} }: RawConfig, findings: Findings): AgentSettings['connect'] {
  const provider = connect.ca_provider || 'consul';
  if (provider === 'vault' || provider === 'aws-pca')
    findings.warn('connect.ca_provider', `certificates come from the CA of this agent, not from ${provider}`);
  const caConfig = Object.create(null) as Record<string, Json>;
  for (const [key, value] of Object.entries(connect.ca_config ?? {}))
    caConfig[CA_NAMES.find((name) => plain(name) === plain(key)) ?? key] = value;
  // Consul: off but for -dev; here the mesh is what the agent is for.
  return { enabled: connect.enabled ?? true, caProvider: provider, caConfig };
}
