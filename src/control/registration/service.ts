import { isIPv4, isIPv6 } from 'node:net';
import type { Service, ServiceAddress, Unindexed } from '../../catalog/types.ts';
import type { Compat } from '../compatibility.ts';
import { proxyProblems, proxyRow, type UsualType } from './proxy.ts';
import type { NodeServiceBody, ServiceBody } from './service-schema.ts';

/** What the bodies of both ways to register have in common. */
export type CommonBody = Omit<NodeServiceBody, 'PeerName' | 'CreateIndex' | 'ModifyIndex'>;

const GATEWAYS: readonly string[] = ['mesh-gateway', 'terminating-gateway', 'ingress-gateway', 'api-gateway'];
const WITHOUT_PORT: readonly string[] = ['ingress-gateway', 'api-gateway'];

export function serviceRow(body: CommonBody, node: string, usualType: UsualType = ''): Unindexed<Service> {
  const { SocketPath, Locality } = body;
  const { Passing, Warning } = body.Weights ?? { Passing: 1, Warning: 1 };
  return {
    Node: node,
    Kind: body.Kind,
    ID: body.ID || body.Service,
    Service: body.Service,
    Tags: body.Tags,
    Address: body.Address,
    Port: body.Port,
    ...(SocketPath === '' ? {} : { SocketPath }),
    TaggedAddresses: body.TaggedAddresses,
    Meta: body.Meta,
    // Consul takes weights that make no sense for none.
    Weights: weightsProblem({ Passing, Warning }) === undefined ? { Passing, Warning } : { Passing: 1, Warning: 1 },
    EnableTagOverride: body.EnableTagOverride,
    ...(body.Proxy && body.Kind !== '' ? { Proxy: proxyRow(body.Proxy, usualType) } : {}),
    ConnectNative: body.Connect?.Native ?? false,
    ...(Locality && (Locality.Region !== '' || Locality.Zone !== '') ? { Locality } : {}),
  };
}

/** The definition given to an agent, as the catalog knows it. */
export const commonOf = (body: ServiceBody): CommonBody => ({ ...body, Service: body.Name });

/** An agent makes the plain address of a service known as its LAN and WAN address of that family, too. */
export function withIpAddresses(service: Unindexed<Service>): Unindexed<Service> {
  const { Address, Port, TaggedAddresses } = service;
  if (Address === '') return service;
  const family = isIPv4(Address) ? 'ipv4' : isIPv6(Address) ? 'ipv6' : undefined;
  if (family === undefined) return service;
  const own: Record<string, ServiceAddress> = {
    [`lan_${family}`]: { Address, Port },
    [`wan_${family}`]: { Address, Port },
  };
  return { ...service, TaggedAddresses: { ...own, ...TaggedAddresses } };
}

/** What Consul finds wrong with a service, all at once. `findsPort`: an agent finds a port for a sidecar without one. */
export function serviceProblems(body: CommonBody, compat: Compat, { findsPort = false } = {}): string[] {
  const problems: string[] = [];
  if (body.Kind === 'connect-proxy') problems.push(...sidecarProblems(body, compat, findsPort && compat !== '1.8'));
  if (GATEWAYS.includes(body.Kind)) problems.push(...gatewayProblems(body));
  const nested = body.Connect?.SidecarService;
  if (nested && nested.ID !== '') problems.push('A SidecarService cannot specify an ID as this is managed by the agent');
  if (nested && 'Connect' in nested && (nested as ServiceBody).Connect?.SidecarService)
    problems.push('A SidecarService cannot have a nested SidecarService');
  if (compat !== '1.8' && body.Connect?.Native && hasNoPort(body))
    problems.push('Port or SocketPath must be set for a Connect native service.');
  return problems;
}

function sidecarProblems(body: CommonBody, compat: Compat, findsPort: boolean): string[] {
  const problems: string[] = [];
  const name = body.Proxy?.DestinationServiceName ?? '';
  const noPort = compat === '1.8' ? 'Port must be set for a Connect proxy' : 'Port or SocketPath must be set for a connect-proxy';
  if (compat !== '1.8' && !findsPort && hasNoPort(body)) problems.push(noPort);
  if (name.trim() === '') problems.push('Proxy.DestinationServiceName must be non-empty for Connect proxy services');
  if (compat !== '1.8' && name === '*') problems.push('Proxy.DestinationServiceName must not be a wildcard for Connect proxy services');
  if (compat === '1.8' && hasNoPort(body)) problems.push(noPort);
  if (body.Connect?.Native) problems.push('A Proxy cannot also be Connect Native, only typical services');
  return body.Proxy ? [...problems, ...proxyProblems(body.Proxy, compat)] : problems;
}

function gatewayProblems({ Kind, Port, Connect, Proxy: proxy }: CommonBody): string[] {
  const problems: string[] = [];
  if (Port === 0 && !WITHOUT_PORT.includes(Kind)) problems.push(`Port must be non-zero for a ${Kind}`);
  if (Connect?.SidecarService) problems.push(`A ${Kind} cannot have a sidecar service defined`);
  const refused = {
    DestinationServiceName: proxy?.DestinationServiceName,
    DestinationServiceID: proxy?.DestinationServiceID,
    LocalServiceAddress: proxy?.LocalServiceAddress,
    LocalServicePort: proxy?.LocalServicePort,
    LocalServiceSocketPath: proxy?.LocalServiceSocketPath,
    Upstreams: proxy?.Upstreams.length,
  };
  for (const [field, value] of Object.entries(refused)) {
    if (value) problems.push(`The Proxy.${field} configuration is invalid for a ${Kind}`);
  }
  return problems;
}

const hasNoPort = ({ Port, SocketPath }: CommonBody): boolean => Port === 0 && SocketPath === '';

export function weightsProblem({ Passing, Warning }: { Passing: number; Warning: number }): string | undefined {
  if (Passing < 1) return 'Passing must be greater than 0';
  if (Warning < 0) return 'Warning must be greater or equal than 0';
  return Passing > 65_535 || Warning > 65_535 ? 'DNS Weight must be between 0 and 65535' : undefined;
}

const META_PAIRS = 64;
const META_KEY = 128;
const META_VALUE = 512;

/** Consul's limits of metadata, which a user may not exceed. */
export function metaProblem(meta: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(meta);
  if (pairs.length > META_PAIRS) return `Node metadata cannot contain more than ${META_PAIRS} key/value pairs`;
  for (const [key, value] of pairs) {
    const why = pairProblem(key, value);
    if (why !== undefined) return `Couldn't load metadata pair ('${key}', '${value}'): ${why}`;
  }
  return undefined;
}

function pairProblem(key: string, value: string): string | undefined {
  if (key === '') return 'Key cannot be blank';
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return 'Key contains invalid characters';
  if (Buffer.byteLength(key) > META_KEY) return `Key is too long (limit: ${META_KEY} characters)`;
  if (key.startsWith('consul-')) return "Key prefix 'consul-' is reserved for internal use";
  return Buffer.byteLength(value) > META_VALUE ? `Value is too long (limit: ${META_VALUE} characters)` : undefined;
}

/** Several errors as Go's multierror prints them; a single one too. */
export function multiError(problems: readonly string[]): string {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  return `${count} occurred:\n${problems.map((problem) => `\t* ${problem}\n`).join('')}\n`;
}

/** An address that means every interface: nobody can call that. */
export const isAnyAddress = (address: string): boolean => ['0.0.0.0', '::', '[::]'].includes(address);
