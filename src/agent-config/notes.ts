import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';

const ALONE = 'one agent is the whole cluster';

/** What is accepted and means nothing here: said once, so that nobody relies on it. Settings that are only tuning are silent. */
const NOTES: Readonly<Record<string, string>> = {
  auto_encrypt: `has no effect: ${ALONE}`,
  auto_config: `has no effect: ${ALONE}`,
  autopilot: `has no effect: ${ALONE}`,
  bootstrap_expect: `is accepted: ${ALONE}, and leads at once`,
  enable_debug: 'has no effect: mesh is no program in Go, and has no profiles of one',
  encrypt: `has no effect: ${ALONE}, and there is no gossip to encrypt`,
  performance: 'has no effect: nothing is replicated',
  primary_gateways: `has no effect: ${ALONE}`,
  retry_join: `has no effect: ${ALONE}`,
  retry_join_wan: `has no effect: ${ALONE}`,
  start_join: `has no effect: ${ALONE}`,
  start_join_wan: `has no effect: ${ALONE}`,
  telemetry: 'has no effect: metrics are at /v1/agent/metrics',
  ui_dir: 'has no effect: the pages are those of mesh',
  watches: 'are not run by the agent: `mesh watch` runs a handler',
};

export function noteIgnored(config: RawConfig, findings: Findings): void {
  for (const [key, text] of Object.entries(NOTES))
    if (saysSomething((config as Readonly<Record<string, unknown>>)[key])) findings.warn(key, `${key} ${text}`);
  for (const key of ['primary_datacenter', 'acl_datacenter'] as const)
    if (isElsewhere(config, key)) findings.warn(key, `${key} has no effect: ${ALONE}, and its own primary`);
}

function isElsewhere(config: RawConfig, key: 'primary_datacenter' | 'acl_datacenter'): boolean {
  const own = config.datacenter || 'dc1';
  return (config[key] || own).toLowerCase() !== own.toLowerCase();
}

function saysSomething(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return value !== undefined && value !== '' && value !== false && value !== 0 && value !== 1;
}
