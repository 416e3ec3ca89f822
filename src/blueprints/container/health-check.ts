import { errorAt } from '../../base/diagnostic.ts';
import type { Probe } from '../../base/workload.ts';
import { type Decoded, duration, int, list, map, object, optional, required, string, withDefault } from '../../schema/schema.ts';
import { scriptCommand, scriptText } from '../exec/script.ts';
import type { LowerContext } from '../resource-type.ts';

/** `health_check { http { address = … } tcp { address = … } exec { script = … } }` */
export const jumppadHealthCheck = object({
  timeout: withDefault(duration(), 30e9, 'Accepted; `run --timeout` limits the wait.'),
  http: optional(
    list(
      object({
        address: required(string(), 'URL that must answer, such as "http://localhost:9090/health".'),
        method: withDefault(string(), 'GET', 'Method of the request.'),
        body: optional(string(), 'Body of the request.'),
        headers: optional(map(list(string())), 'Header fields of the request.'),
        success_codes: optional(list(int(100, 599)), 'Status codes that count as healthy; 200 by default.'),
      }),
    ),
    'Requests that must succeed.',
  ),
  tcp: optional(list(object({ address: required(string(), 'host:port.') })), 'Ports that must accept.'),
  exec: optional(
    list(
      object({
        command: optional(list(string()), 'Program and arguments.'),
        script: optional(string(), 'Or: lines for `sh`, or for what its first line asks for.'),
        exit_code: withDefault(int(0, 255), 0, 'The exit code that counts as healthy.'),
      }),
    ),
    'Commands beside the container that must succeed.',
  ),
});

type HealthCheck = Decoded<typeof jumppadHealthCheck>;

/** One attempt takes at most so long, and the next one begins a second later, as Jumppad's. */
const TIMES = { initialDelayMs: 0, periodMs: 10_000, timeoutMs: 3000, successThreshold: 1, failureThreshold: 1 };

/** Probes of the container itself. `portOf`: the port of the container behind one that is written. */
export function lowerHealthCheck(check: HealthCheck, portOf: (port: number) => number, context: LowerContext): Probe[] {
  const { http = [], tcp = [], exec = [] } = check;
  return [
    ...http.map((one, i) => ofHttp(one, `health_check.http[${i}].address`, portOf, context)),
    ...tcp.map(({ address }, i): Probe['action'] => {
      const port = Number(/:(\d+)$/.exec(address)?.[1]);
      if (!(port > 0 && port < 65536)) report(context, `health_check.tcp[${i}].address`, address, 'host:port');
      return { type: 'tcp', port: portOf(port) };
    }),
    ...exec.map((one, i) => ofExec(one, `health_check.exec[${i}]`, context)),
  ].map((action) => ({ action, ...TIMES }));
}

function ofHttp(
  { address, method, body, headers = {}, success_codes: codes = [200] }: NonNullable<HealthCheck['http']>[number],
  at: string,
  portOf: (port: number) => number,
  context: LowerContext,
): Probe['action'] {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:') report(context, at, address, 'an http:// URL');
  const sent = Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(', ')]));
  return {
    type: 'http',
    port: portOf(Number(url?.port || 80)),
    path: url ? url.pathname + url.search : '/',
    headers: sent,
    ...(method === 'GET' ? {} : { method }),
    ...(body === undefined ? {} : { body }),
    codes,
  };
}

function ofExec(
  { command, script, exit_code: code }: NonNullable<HealthCheck['exec']>[number],
  at: string,
  context: LowerContext,
): Probe['action'] {
  if ((command === undefined) === (script === undefined)) {
    const summary = script === undefined ? 'the check needs a command or a script' : 'the check has a command and a script';
    context.report(errorAt(context.at(at), summary, { hint: 'command = ["pg_isready"], or script = "…"' }));
  }
  const words = command ?? scriptCommand(scriptText(script ?? 'true'), `${at}.script`, context);
  return { type: 'exec', command: code === 0 ? words : ['sh', '-c', `"$@"; [ $? -eq ${code} ]`, 'sh', ...words] };
}

function report(context: LowerContext, at: string, written: string, expected: string): void {
  context.report(errorAt(context.at(at), `"address" is not ${expected}: ${JSON.stringify(written)}`));
}
