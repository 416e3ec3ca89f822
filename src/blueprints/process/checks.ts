import { errorAt } from '../../base/diagnostic.ts';
import type { ServiceCheck } from '../../base/registration.ts';
import type { Probe } from '../../base/workload.ts';
import type { LowerContext } from '../resource-type.ts';

export interface CheckConfig {
  readonly name?: string;
  readonly http?: string;
  readonly tcp?: string;
  readonly exec?: readonly string[];
  /** Nanoseconds. */
  readonly interval: number;
  readonly timeout: number;
}

export interface LoweredChecks {
  readonly probes: readonly Probe[];
  /** As they stand in the catalog. */
  readonly checks: readonly ServiceCheck[];
}

const NS_PER_MS = 1e6;
const ACTIONS = ['http', 'tcp', 'exec'] as const;

/** The checks of a service; one that names none has that its port accepts. `at`: path of the block without its index. */
export function lowerChecks(
  given: readonly CheckConfig[],
  service: { readonly id: string; readonly name: string; readonly port: number | undefined; readonly at: string },
  context: LowerContext,
): LoweredChecks {
  const probes: Probe[] = [];
  const checks: ServiceCheck[] = [];
  const byDefault: CheckConfig[] = service.port === undefined ? [] : [{ tcp: String(service.port), interval: 10e9, timeout: 1e9 }];
  const all: readonly CheckConfig[] = given.length > 0 ? given : byDefault;
  for (const [i, check] of all.entries()) {
    const at = given.length > 0 ? `${service.at}[${i}]` : service.at;
    const action = actionOf(check, service.port, at, context);
    if (!action) continue;
    const [periodMs, timeoutMs] = [check.interval / NS_PER_MS, check.timeout / NS_PER_MS];
    probes.push({ action, initialDelayMs: 0, periodMs, timeoutMs, successThreshold: 1, failureThreshold: 1 });
    const id = all.length > 1 ? `service:${service.id}:${i + 1}` : `service:${service.id}`;
    const name = check.name ?? `Service '${service.name}' check`;
    checks.push({ id, name, action: inCatalog(action), intervalMs: periodMs, timeoutMs });
  }
  return { probes, checks };
}

function actionOf(check: CheckConfig, port: number | undefined, at: string, context: LowerContext): Probe['action'] | undefined {
  const report = (path: string, summary: string, detail: string): undefined => {
    context.report(errorAt(context.at(path), summary, { detail }));
    return undefined;
  };
  const named = ACTIONS.filter((name) => check[name] !== undefined);
  if (named.length !== 1) {
    const detail = 'exactly one of http = "/health", tcp = "9090" and exec = ["./check.sh"]';
    return report(at, named.length === 0 ? 'this check looks at nothing' : `a check is one of ${named.join(' and ')}, not both`, detail);
  }
  if (check.interval <= 0) return report(`${at}.interval`, '"interval" must be more than 0', 'a check is made again and again');
  if (check.exec) {
    if (check.exec.length > 0) return { type: 'exec', command: check.exec };
    return report(`${at}.exec`, '"exec" names no program', 'expected a program and its arguments: ["./check.sh"]');
  }
  if (check.tcp !== undefined) {
    const number = Number(/^(?:.*:)?(\d+)$/.exec(check.tcp)?.[1]);
    if (number > 0 && number < 65536) return { type: 'tcp', port: number };
    return report(`${at}.tcp`, `"tcp" is no port: ${JSON.stringify(check.tcp)}`, 'expected a port, or host:port: "9090"');
  }
  const url = urlOf(check.http!, port);
  if (url) return { type: 'http', port: Number(url.port || 80), path: url.pathname + url.search, headers: {}, codes: [] };
  const detail = port === undefined ? 'this service has no port: write a whole URL' : 'expected a path, or an http:// URL: "/health"';
  return report(`${at}.http`, `"http" is not something to ask: ${JSON.stringify(check.http)}`, detail);
}

function urlOf(text: string, port: number | undefined): URL | undefined {
  const whole = text.startsWith('/') && port !== undefined ? `http://localhost:${port}${text}` : text;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  return url.protocol === 'http:' ? url : undefined;
}

function inCatalog(action: Probe['action']): ServiceCheck['action'] {
  if (action.type === 'exec') return { type: 'script', command: action.command };
  if (action.type === 'tcp') return { type: 'tcp', address: `localhost:${action.port}` };
  return { type: 'http', url: `http://localhost:${action.port}${action.path}`, method: 'GET', headers: {} };
}
