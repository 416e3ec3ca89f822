import type { UpstreamConfig } from './fields.ts';
import { caution, type Problem, problem } from './problem.ts';

/** Settings of one upstream, which must name it. */
export function validateUpstreamOverride(config: UpstreamConfig, path: string): Problem[] {
  const name = config.Name ?? '';
  const wrong: string[] = [];
  if (name === '') wrong.push('Name is required');
  if (name === '*') wrong.push('Wildcard name is not supported');
  const problems = [...wrong, ...validateSettings(config)].map((text) =>
    problem('listed', path, `error in upstream override for ${name}: ${text}`),
  );
  return [...problems, ...cautionEnvoy(config, path)];
}

/** Settings of all upstreams, which must name none. */
export function validateUpstreamDefaults(config: UpstreamConfig, path: string): Problem[] {
  const wrong = (config.Name ?? '') === '' ? [] : ['Name must be empty'];
  const problems = [...wrong, ...validateSettings(config)].map((text) => problem('listed', path, `error in upstream defaults: ${text}`));
  return [...problems, ...cautionEnvoy(config, path)];
}

/** What only an Envoy understands, or needs. */
function cautionEnvoy(config: UpstreamConfig, path: string): Problem[] {
  const ignored = ['EnvoyListenerJSON', 'EnvoyClusterJSON', 'BalanceOutboundConnections'] as const;
  return ignored
    .filter((field) => config[field])
    .map((field) => caution(`${path}.${field}`, `${field} is stored, but the built-in proxy is no Envoy and takes no notice of it`));
}

function validateSettings(config: UpstreamConfig): string[] {
  const wrong: string[] = [];
  const check = config.PassiveHealthCheck ?? {};
  if ((check.Interval ?? 0) < 0) wrong.push('passive health check interval cannot be negative');
  for (const [name, percent] of [
    ['enforcing_consecutive_5xx', check.EnforcingConsecutive5xx ?? 0],
    ['enforcing_consecutive_gateway_failure', check.EnforcingConsecutiveGatewayFailure ?? 0],
    ['max_ejection_percent', check.MaxEjectionPercent ?? 0],
  ] as const) {
    if (percent < 0 || percent > 100) wrong.push(`passive health check ${name} must be a percentage between 0 and 100`);
  }
  if ((check.BaseEjectionTime ?? 0) < 0) wrong.push('passive health check base_ejection_time cannot be negative');
  const limits = config.Limits ?? {};
  if ((limits.MaxConnections ?? 0) < 0) wrong.push('max connections cannot be negative');
  if ((limits.MaxPendingRequests ?? 0) < 0) wrong.push('max pending requests cannot be negative');
  if ((limits.MaxConcurrentRequests ?? 0) < 0) wrong.push('max concurrent requests cannot be negative');
  const balance = config.BalanceOutboundConnections ?? '';
  if (balance !== '' && balance !== 'exact_balance') wrong.push(`invalid value for balance_outbound_connections: ${balance}`);
  return wrong;
}
