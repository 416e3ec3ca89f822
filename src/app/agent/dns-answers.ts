import type { DnsSettings } from '../../agent-config/settings.ts';
import type { DnsOptions } from '../../control/dns/open.ts';

/** `dns_config` as DNS takes it: whole seconds. */
export function dnsAnswers(dns: DnsSettings): Pick<DnsOptions, 'config' | 'recursors' | 'recursorTimeoutMs'> {
  const seconds = (ms: number): number => Math.floor(ms / 1000);
  const { refresh, retry, expire, minTtl } = dns.soa;
  return {
    recursors: dns.recursors,
    recursorTimeoutMs: dns.recursorTimeoutMs,
    config: {
      domain: dns.domain,
      altDomain: dns.altDomain,
      nodeTtl: seconds(dns.nodeTtlMs),
      serviceTtl: Object.fromEntries(Object.entries(dns.serviceTtlMs).map(([name, ms]) => [name, seconds(ms)])),
      onlyPassing: dns.onlyPassing,
      enableTruncate: dns.enableTruncate,
      udpAnswerLimit: dns.udpAnswerLimit,
      aRecordLimit: dns.aRecordLimit,
      disableCompression: dns.disableCompression,
      soa: { refresh, retry, expire, minimum: minTtl },
    },
  };
}
