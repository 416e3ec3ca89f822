import type { AgentSettings, Endpoint } from '../../agent-config/settings.ts';
import { CONSUL_COMPATIBILITY } from '../../control/compatibility.ts';
import type { Agent } from '../agent/agent.ts';
import type { Home } from '../home.ts';
import { VERSION } from '../version.ts';

interface Started {
  readonly home: Home;
  readonly asConsul: boolean;
  readonly settings: AgentSettings;
}

/** What an agent says when it is ready. Scripts wait for the last line. */
export function banner({ record, httpsPort = -1, nodeName, nodeId }: Agent, { home, asConsul, settings }: Started): string {
  if (!asConsul) return `Agent of ${home.root}: HTTP API on http://${record.http}. Ctrl-C ends it; workloads go on.\n`;
  const httpPort = settings.http.length === 0 ? '-1' : (/:(\d+)$/.exec(record.http)?.[1] ?? '-1');
  const hosts = [
    ...new Set([...settings.http, ...settings.https].map((endpoint) => ('port' in endpoint ? endpoint.host : endpoint.socketPath))),
  ];
  // Nothing speaks gRPC yet, whatever port is configured.
  const rows = [
    ['Version', `'${CONSUL_COMPATIBILITY}' (mesh ${VERSION})`],
    ['Node ID', `'${nodeId}'`],
    ['Node name', `'${nodeName}'`],
    ['Datacenter', `'${settings.datacenter}' (Segment: '<all>')`],
    ['Server', 'true (Bootstrap: true)'],
    ['Client Addr', `[${hosts.join(' ')}] (HTTP: ${httpPort}, HTTPS: ${httpsPort}, gRPC: -1, DNS: ${portOf(settings.dns)})`],
  ];
  return `==> Starting Consul agent...\n${rows.map(([name, text]) => `${name!.padStart(18)}: ${text}\n`).join('')}\n==> Consul agent running!\n`;
}

const portOf = ([first]: readonly Endpoint[]): number => (first !== undefined && 'port' in first ? first.port : -1);
