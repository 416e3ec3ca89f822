import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';
import type { DnsSettings } from './settings.ts';

export function dnsOf(config: RawConfig, findings: Findings): DnsSettings {
  const { dns_config: dns = {}, domain, alt_domain: altDomain, recursors = [] } = config;
  if ((dns.udp_answer_limit ?? 0) < 0)
    findings.refuse(
      'dns_config.udp_answer_limit',
      `dns_config.udp_answer_limit cannot be ${dns.udp_answer_limit}. Must be greater than or equal to zero`,
    );
  if ((dns.a_record_limit ?? 0) < 0)
    findings.refuse(
      'dns_config.a_record_limit',
      `dns_config.a_record_limit cannot be ${dns.a_record_limit}. Must be greater than or equal to zero`,
    );
  const ttl = (name: string, text: string | undefined): number => findings.duration(`dns_config.${name}`, text, 0);
  const serviceTtlMs = Object.create(null) as Record<string, number>;
  for (const [name, text] of Object.entries(dns.service_ttl ?? {})) serviceTtlMs[name] = ttl(`service_ttl[${JSON.stringify(name)}]`, text);
  return {
    domain: trimDots(domain || 'consul'),
    ...(altDomain ? { altDomain: trimDots(altDomain) } : {}),
    nodeTtlMs: ttl('node_ttl', dns.node_ttl),
    serviceTtlMs,
    onlyPassing: dns.only_passing ?? false,
    allowStale: dns.allow_stale ?? true,
    enableTruncate: dns.enable_truncate ?? false,
    disableCompression: dns.disable_compression ?? false,
    aRecordLimit: dns.a_record_limit ?? 0,
    udpAnswerLimit: dns.udp_answer_limit ?? 3,
    recursors,
    recursorTimeoutMs: findings.duration('dns_config.recursor_timeout', dns.recursor_timeout, 2000),
    recursorStrategy: findings.choice(
      'dns_config.recursor_strategy',
      dns.recursor_strategy,
      ['sequential', 'random'],
      'sequential',
      'dns_config.recursor_strategy is not known',
    ),
    soa: {
      refresh: dns.soa?.refresh ?? 3600,
      retry: dns.soa?.retry ?? 600,
      expire: dns.soa?.expire ?? 86_400,
      minTtl: dns.soa?.min_ttl ?? 0,
    },
  };
}

const trimDots = (name: string): string => name.replace(/^\.+|\.+$/g, '').toLowerCase();
