import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Node, Service } from '../../catalog/types.ts';
import { proxyDefaultsConfig, proxyDefaultsOf } from '../protocol.ts';
import type { MetricsListener, Telemetry } from '../proxy-config.ts';
import { textSetting } from '../settings.ts';
import { accessLogsOf } from './access-logs.ts';
import { type TracingDefault, tracingOf } from './tracing.ts';

type Settings = Readonly<Record<string, unknown>>;

/** What a proxy tells of itself. Consul: proxy-defaults, then the registration; the last that says something counts. */
export function telemetryOf(
  s: Snapshot,
  dc: string,
  proxy: Service,
  node: Node,
  tracingDefault: TracingDefault | undefined,
): Telemetry | undefined {
  const config: Settings = { ...proxyDefaultsConfig(s, dc), ...proxy.Proxy?.Config };
  const metrics = metricsListeners(config, proxy.Address || node.Address);
  const labels = labelsOf(config);
  const accessLogs = accessLogsOf(proxy.Proxy?.AccessLogs ?? proxyDefaultsOf(s, dc)?.AccessLogs);
  const tracing = tracingOf(config, proxy.Proxy?.DestinationServiceName || proxy.Service, tracingDefault);
  const telemetry: Telemetry = {
    ...(metrics.length > 0 ? { metrics } : {}),
    ...(labels ? { labels } : {}),
    ...(accessLogs ? { accessLogs } : {}),
    ...(tracing ? { tracing } : {}),
  };
  return Object.keys(telemetry).length === 0 ? undefined : telemetry;
}

/** Consul: each opens one path of Envoy's administration, and no other. */
function metricsListeners(config: Settings, own: string): MetricsListener[] {
  const listeners: [setting: string, path: string][] = [
    ['envoy_prometheus_bind_addr', textSetting(config, 'envoy_prometheus_scrape_path') ?? '/metrics'],
    ['envoy_stats_bind_addr', '/stats/prometheus'],
  ];
  return listeners.flatMap(([setting, path]) => {
    const bind = bindAddress(textSetting(config, setting), own);
    return bind ? [{ bind, path }] : [];
  });
}

/** All proxies of a mesh share this machine: what is meant for any address of theirs is bound at their own. */
function bindAddress(text: string | undefined, own: string): MetricsListener['bind'] | undefined {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(text ?? '') ?? [];
  if (Number(port) < 1 || Number(port) > 65_535) return undefined;
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return { address: ['', '0.0.0.0', '::'].includes(address) ? own : address, port: Number(port) };
}

/** Consul: `envoy_stats_tags` is a list of `name=value`; a name alone has the value 1. Envoy writes dots in names as `_`. */
function labelsOf(config: Settings): Readonly<Record<string, string>> | undefined {
  const tags: unknown = config['envoy_stats_tags'];
  if (!Array.isArray(tags) || tags.length === 0) return undefined;
  const pairs = tags.filter((tag) => typeof tag === 'string').map((tag) => /^([^=]*)=?(.*)$/s.exec(tag)!);
  return Object.fromEntries(
    pairs.map(([tag, name = '', value = '']) => [name.toLowerCase().replace(/[^a-z0-9_]/g, '_'), tag.includes('=') ? value : '1']),
  );
}
