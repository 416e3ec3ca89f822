import type { ProxyUpstream, ServiceProxy } from '../../catalog/types.ts';
import type { Compat } from '../compatibility.ts';
import type { ProxyBody } from './proxy-schema.ts';

/** An agent says what Consul takes for granted; the catalog keeps what it was told. */
export type UsualType = '' | 'service';
type UpstreamBody = ProxyBody['Upstreams'][number];

/** `usualType`: of upstreams that say none. */
export function proxyRow(body: ProxyBody, usualType: UsualType): ServiceProxy {
  const { MeshGateway, Expose, TransparentProxy, AccessLogs, EnvoyExtensions, LocalServiceSocketPath, Mode } = body;
  return {
    DestinationServiceName: body.DestinationServiceName,
    DestinationServiceID: body.DestinationServiceID,
    LocalServiceAddress: body.LocalServiceAddress,
    LocalServicePort: body.LocalServicePort,
    ...(LocalServiceSocketPath === '' ? {} : { LocalServiceSocketPath }),
    ...(Mode === '' ? {} : { Mode }),
    Config: body.Config,
    Upstreams: body.Upstreams.map((upstream) => upstreamRow(upstream, usualType)),
    ...(MeshGateway?.Mode ? { MeshGateway } : {}),
    ...(Expose && (Expose.Checks || Expose.Paths.length > 0) ? { Expose } : {}),
    ...(TransparentProxy && (TransparentProxy.OutboundListenerPort !== 0 || TransparentProxy.DialedDirectly) ? { TransparentProxy } : {}),
    ...(AccessLogs && Object.keys(AccessLogs).length > 0 ? { AccessLogs } : {}),
    ...(EnvoyExtensions.length > 0 ? { EnvoyExtensions } : {}),
  };
}

function upstreamRow(body: UpstreamBody, usualType: UsualType): ProxyUpstream {
  const { DestinationPeer, LocalBindSocketPath, LocalBindSocketMode, MeshGateway } = body;
  return {
    DestinationType: (body.DestinationType || usualType) as ProxyUpstream['DestinationType'],
    DestinationName: body.DestinationName,
    ...(DestinationPeer === '' ? {} : { DestinationPeer }),
    Datacenter: body.Datacenter,
    LocalBindAddress: body.LocalBindAddress,
    LocalBindPort: body.LocalBindPort,
    ...(LocalBindSocketPath === '' ? {} : { LocalBindSocketPath }),
    ...(LocalBindSocketMode === '' ? {} : { LocalBindSocketMode }),
    Config: body.Config,
    ...(MeshGateway?.Mode ? { MeshGateway } : {}),
  };
}

/** What Consul finds wrong with the upstreams and the exposed paths of a sidecar. */
export function proxyProblems(body: ProxyBody, compat: Compat): string[] {
  return [...upstreamsProblems(body.Upstreams, compat), ...exposeProblems(body)];
}

function upstreamsProblems(upstreams: readonly UpstreamBody[], compat: Compat): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const bound = new Set<string>();
  for (const upstream of upstreams) {
    const wrong = upstreamProblem(upstream, compat);
    const key = keyOf(upstream, compat);
    const at = upstream.LocalBindSocketPath || `${upstream.LocalBindAddress || '127.0.0.1'}:${upstream.LocalBindPort}`;
    if (wrong !== undefined) problems.push(wrong);
    else if (seen.has(key)) problems.push(`upstreams cannot contain duplicates of ${key}`);
    else if (bound.has(at)) problems.push(duplicateBind(at));
    if (wrong !== undefined || seen.has(key)) continue;
    seen.add(key);
    bound.add(at);
  }
  return problems;
}

const duplicateBind = (at: string): string =>
  `upstreams cannot contain duplicates by local bind address and port or unix path; ${JSON.stringify(at)} is specified twice`;

function upstreamProblem(upstream: UpstreamBody, compat: Compat): string | undefined {
  const { DestinationType: type, DestinationName: name, LocalBindPort: port, LocalBindSocketPath: path } = upstream;
  if (type !== '' && type !== 'service' && type !== 'prepared_query') return `unknown upstream destination type: ${JSON.stringify(type)}`;
  if (name === '') return 'upstream destination name cannot be empty';
  if (name === '*') return 'upstream destination name cannot be a wildcard';
  if (upstream.DestinationPeer !== '' && upstream.Datacenter !== '') return 'upstream cannot specify both destination peer and datacenter';
  if (port === 0 && path === '') {
    return compat === '1.8'
      ? 'upstream local bind port cannot be zero'
      : 'upstream local bind port or local socket path must be defined and nonzero';
  }
  if (port !== 0 && path !== '') return 'only one of upstream local bind port or local socket path can be defined and nonzero';
  return undefined;
}

/** As Consul's errors print the key of an upstream. */
function keyOf({ DestinationType, DestinationName, DestinationPeer, Datacenter }: UpstreamBody, compat: Compat): string {
  const quote = (text: string): string => JSON.stringify(text);
  const type = quote(DestinationType || 'service');
  if (compat === '1.8') return `[type=${type}, name=${quote(DestinationName)}, namespace="", datacenter=${quote(Datacenter)}]`;
  const place = `peer=${quote(DestinationPeer)}, datacenter=${quote(Datacenter)}`;
  return `[type=${type}, name=${quote(DestinationName)}, partition="default", namespace="default", ${place}]`;
}

function exposeProblems({ Expose }: ProxyBody): string[] {
  const problems: string[] = [];
  const ports = new Set<number>();
  for (const { Path, ListenerPort, Protocol } of Expose?.Paths ?? []) {
    if (Path === '') problems.push('expose.paths: empty path exposed');
    if (ports.has(ListenerPort)) problems.push('expose.paths: duplicate listener ports exposed');
    ports.add(ListenerPort);
    if (ListenerPort <= 0 || ListenerPort > 65535) problems.push(`expose.paths: invalid listener port: ${ListenerPort}`);
    if (!['', 'http', 'http2'].includes(Protocol.toLowerCase()))
      problems.push(`protocol '${Protocol.toLowerCase()}' not supported for path: ${Path}, must be in: [http http2]`);
  }
  return problems;
}
