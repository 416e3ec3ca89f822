import type { Agent } from 'node:http';
import { connect } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { ProxyReport, StatusReport } from '../rpc/status.ts';
import { StepFailure } from './failure.ts';
import { callUrl, type HttpAnswer } from './http.ts';

/** What a call asks for, beside who calls whom. */
export interface CallShape {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For many calls: keeps connections between them. Byte streams stay apart, for it is connections that are balanced there. */
  readonly agent?: Agent;
}

/** The end of a call that went through the sidecars of both sides. */
export type CallOutcome =
  | { readonly state: 'answered'; readonly answer: HttpAnswer }
  /** An intention forbids it; in the words of the sidecar that decided. */
  | { readonly state: 'denied'; readonly reason: string }
  /** Neither: something is broken. */
  | { readonly state: 'failed'; readonly reason: string };

/** The sidecars of a service that offer an upstream, each with where. Throws a StepFailure that says which there are. */
export function upstreamsOf(
  { proxies }: Pick<StatusReport, 'proxies'>,
  from: string,
  to: string,
): { readonly proxy: ProxyReport; readonly listen: string; readonly protocol: string }[] {
  const own = proxies.filter(({ service }) => service === from);
  const services = [...new Set(proxies.map(({ service }) => service))];
  if (own.length === 0) {
    const hint = services.length === 0 ? 'nothing that runs has a sidecar' : `services with a sidecar: ${services.join(', ')}`;
    throw new StepFailure(`there is no sidecar of ${from}`, { hint, ...didYouMean(from, services) });
  }
  const found = own.flatMap((proxy) =>
    proxy.upstreams.filter(({ name }) => nameOf(name) === to).map(({ listen, protocol }) => ({ proxy, listen, protocol })),
  );
  if (found.length > 0) return found;
  const names = [...new Set(own.flatMap(({ upstreams }) => upstreams.map(({ name }) => nameOf(name))))];
  throw new StepFailure(`${to} is no upstream of ${from}`, {
    hint: names.length === 0 ? `${from} has no upstreams` : `its upstreams: ${names.join(', ')}`,
    ...didYouMean(to, names),
  });
}

/** `payments?dc=dc2` -> `payments` */
const nameOf = (upstream: string): string => upstream.split('?', 1)[0]!;

/** One call to an upstream's listener, as the application behind that sidecar would make it. */
export async function callUpstream(
  { listen, protocol }: { readonly listen: string; readonly protocol: string },
  shape: CallShape,
  signal: AbortSignal,
): Promise<CallOutcome> {
  const { method, path, headers, agent } = shape;
  const kept = agent && protocol === 'http' ? { agent } : {};
  try {
    const answer = await callUrl(new URL(path, `http://${listen}`), { method, headers, signal, ...kept });
    const reason = answer.headers['x-mesh-reason'];
    if (typeof reason !== 'string') return { state: 'answered', answer };
    return answer.status === 403 ? { state: 'denied', reason } : { state: 'failed', reason: `${answer.status}: ${reason}` };
  } catch (error) {
    if (signal.aborted) return { state: 'failed', reason: 'the time of the step was over' };
    // Bytes that are no HTTP came from the application all the same.
    if (protocol !== 'http' && messageOf(error).startsWith('Parse Error')) {
      const bytes = await firstBytes(listen, signal);
      if (bytes !== '') return { state: 'answered', answer: { status: 0, headers: {}, body: bytes } };
    }
    return { state: 'failed', reason: messageOf(error) };
  }
}

const LINE = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** What an application that speaks no HTTP says to a request. */
function firstBytes(listen: string, signal: AbortSignal): Promise<string> {
  const { hostname, port } = new URL(`http://${listen}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), signal, timeout: 2_000 }, () => socket.write(LINE));
    const end = (text: string) => {
      socket.destroy();
      resolve(text);
    };
    socket.once('data', (chunk: Buffer) => end(chunk.toString('latin1')));
    for (const event of ['end', 'timeout', 'error', 'close'] as const) socket.once(event, () => end(''));
  });
}
