import { errorAt } from '../../base/diagnostic.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { Probe } from '../../base/workload.ts';
import type { LowerContext } from '../resource-type.ts';

/** When an application counts as ready: its health check, the checks of its services, or its known ports accept. */
export function lowerReadiness(
  check: { http?: string; http_success_codes?: number[]; tcp?: string } | undefined,
  ports: readonly number[],
  services: readonly ServiceDefinition[],
  context: LowerContext,
): Probe[] {
  const probes: Probe[] = [];
  const add = (action: Probe['action'], periodMs = 10_000, timeoutMs = 1000): void => {
    probes.push({ action, initialDelayMs: 0, periodMs, timeoutMs, successThreshold: 1, failureThreshold: 1 });
  };
  if (check?.http !== undefined) {
    const url = parseUrl(check.http);
    if (url) add({ type: 'http', port: url.port, path: url.path, headers: {}, codes: check.http_success_codes ?? [200] });
    else context.report(errorAt(context.at('health_check.http'), `"http" is not an http:// URL: ${JSON.stringify(check.http)}`));
  }
  if (check?.tcp !== undefined) {
    const port = Number(/:(\d+)$/.exec(check.tcp)?.[1]);
    if (port > 0) add({ type: 'tcp', port });
    else context.report(errorAt(context.at('health_check.tcp'), `"tcp" is not host:port: ${JSON.stringify(check.tcp)}`));
  }
  for (const { action, intervalMs, timeoutMs } of services.flatMap((service) => service.checks)) {
    const url = action.type === 'http' ? parseUrl(action.url) : undefined;
    if (action.type === 'http' && url) {
      const headers = Object.fromEntries(Object.entries(action.headers).map(([name, values]) => [name, values.join(', ')]));
      add({ type: 'http', port: url.port, path: url.path, headers, codes: [] }, intervalMs, timeoutMs);
    } else if (action.type === 'tcp') {
      add({ type: 'tcp', port: Number(/:(\d+)$/.exec(action.address)?.[1]) }, intervalMs, timeoutMs);
    }
  }
  if (probes.length === 0) for (const port of ports) add({ type: 'tcp', port });
  return probes;
}

function parseUrl(text: string): { port: number; path: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' ? { port: Number(url.port || 80), path: url.pathname + url.search } : undefined;
}
