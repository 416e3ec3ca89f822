import type { Snapshot } from '../../catalog/snapshot.ts';
import type { CheckStatus } from '../../catalog/types.ts';

export interface Gauge {
  readonly name: string;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the catalog holds, by Consul's names. */
export function stateGauges(s: Snapshot): Gauge[] {
  return Array.from(s.datacenters.values()).flatMap((d) => {
    const labels = { datacenter: d.name };
    const names = new Set(Array.from(d.servicesByName.values(), (service) => service.Service.toLowerCase()));
    const byStatus: Record<CheckStatus, number> = { passing: 0, warning: 0, critical: 0 };
    for (const { Status } of d.checks.values()) if (Object.hasOwn(byStatus, Status)) byStatus[Status]++;
    return [
      { name: 'consul.state.nodes', value: d.nodes.size, labels },
      { name: 'consul.state.services', value: names.size, labels },
      { name: 'consul.state.service_instances', value: d.services.size, labels },
      { name: 'consul.state.kv_entries', value: d.kv.size, labels },
      { name: 'consul.state.config_entries', value: d.entries.size, labels },
      ...Object.entries(byStatus).map(([status, value]) => ({ name: 'consul.state.checks', value, labels: { ...labels, status } })),
    ];
  });
}

/** The text format of Prometheus. */
export function prometheusText(gauges: readonly Gauge[]): string {
  const byName = new Map<string, Gauge[]>();
  for (const gauge of gauges) {
    const name = gauge.name.replaceAll(/[^A-Za-z0-9_]/g, '_');
    byName.set(name, [...(byName.get(name) ?? []), gauge]);
  }
  return Array.from(byName, ([name, rows]) => {
    const lines = rows.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`);
    return `# HELP ${name} ${name}\n# TYPE ${name} gauge\n${lines.join('')}`;
  }).join('');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
