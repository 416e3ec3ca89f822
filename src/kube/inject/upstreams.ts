import type { Diagnostic } from '../../base/diagnostic.ts';
import type { UpstreamDefinition } from '../../base/registration.ts';
import { nearest } from '../../base/suggest.ts';
import type { WorkloadPort } from '../../base/workload.ts';
import { errorHere, type Place, rangeInside } from '../../schema/place.ts';
import { findPort } from '../pod/ports.ts';

type Parsed = { readonly upstream: UpstreamDefinition } | { readonly problem: Pick<Diagnostic, 'summary' | 'detail' | 'hint'> };

/** One upstream and where it stands in the annotation, for what is said of it later. */
export interface PlacedUpstream {
  readonly upstream: UpstreamDefinition;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads `connect-service-upstreams`: a list, separated by commas, of
 *
 *     payments:9091            payments:9091:dc2            payments:9091:?dc=dc2&local_bind_address=127.0.0.2
 *     payments.svc:9091        payments.svc.dc2.dc:9091        prepared_query:nearest-payments:9091
 *
 * The port is a number or the name of a port of the pod. Namespaces, partitions and peers are told apart and refused. consul-k8s writes the first sentence of each error like this.
 */
export function parseUpstreams(
  text: string,
  at: Place,
  ports: readonly WorkloadPort[],
): { upstreams: PlacedUpstream[]; diagnostics: Diagnostic[] } {
  const upstreams: PlacedUpstream[] = [];
  const diagnostics: Diagnostic[] = [];
  let offset = 0;
  for (const piece of text.split(',')) {
    const item = piece.trim();
    const start = offset + piece.indexOf(item);
    const end = start + item.length;
    offset += piece.length + 1;
    // A trailing comma is common and harmless.
    if (item === '' && offset > text.length && upstreams.length > 0) continue;
    const parsed = parseUpstream(item, ports);
    if ('upstream' in parsed) upstreams.push({ upstream: parsed.upstream, start, end });
    else {
      const subject = rangeInside(at, start, end);
      diagnostics.push(errorHere(at, parsed.problem.summary, { ...parsed.problem, ...(subject ? { subject } : {}) }));
    }
  }
  return { upstreams, diagnostics };
}

function parseUpstream(item: string, ports: readonly WorkloadPort[]): Parsed {
  const structure = {
    problem: {
      summary: `upstream structured incorrectly: ${item}`,
      detail: 'expected service:port, service:port:datacenter, or service.svc.<datacenter>.dc:port',
    },
  };
  const fields = item.split(':');
  if (fields[0]?.trim() === 'prepared_query') return parseQuery(fields, item, ports) ?? structure;
  if (fields.length < 2 || fields.length > 3) return structure;
  const [left, portText, third = ''] = fields.map((field) => field.trim()) as [string, string, string?];
  const name = parseName(left, third !== '');
  if (name === 'incorrect') return structure;
  if ('problem' in name) return name;
  const localPort = parsePort(portText, ports);
  if (localPort === undefined) return noPort(portText, item, ports);
  const query = third.indexOf('?');
  const options = query === -1 ? {} : parseOptions(third.slice(query + 1), item);
  if ('problem' in options) return options;
  const plainDatacenter = query === -1 ? third : third.slice(0, query);
  return {
    upstream: {
      service: name.service,
      datacenter: options.datacenter ?? (plainDatacenter || name.datacenter),
      localAddress: options.localAddress ?? '127.0.0.1',
      localPort,
      config: options.gatewayMode === undefined ? {} : { mesh_gateway: { mode: options.gatewayMode } },
    },
  };
}

/** `prepared_query:<name>:<port>`. */
function parseQuery(fields: readonly string[], item: string, ports: readonly WorkloadPort[]): Parsed | undefined {
  const [, name = '', portText = ''] = fields.map((field) => field.trim());
  if (fields.length !== 3 || name === '') return undefined;
  const localPort = parsePort(portText, ports);
  if (localPort === undefined) return noPort(portText, item, ports);
  return { upstream: { service: name, isQuery: true, datacenter: '', localAddress: '127.0.0.1', localPort, config: {} } };
}

function noPort(text: string, item: string, ports: readonly WorkloadPort[]): Parsed {
  const near = nearest(
    text,
    ports.flatMap((port) => port.name ?? []),
  );
  return {
    problem: {
      summary: `invalid upstream local bind port "${text}" in "${item}"`,
      detail: 'expected a number from 1 to 65535, or the name of a port of the pod',
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    },
  };
}

type Name = { readonly service: string; readonly datacenter: string };

/** `payments`, or `payments.svc` with labelled pairs behind it: `.dc2.dc`. */
function parseName(text: string, hasThird: boolean): Name | { problem: Pick<Diagnostic, 'summary' | 'hint'> } | 'incorrect' {
  const parts = text.split('.');
  const [service, label] = parts;
  if (parts.includes('') || !/^[\w-]+$/.test(service ?? '')) return 'incorrect';
  if (parts.length === 1) return { service: service!, datacenter: '' };
  if (label !== 'svc') {
    const what = parts.length === 2 ? 'a namespace' : 'a namespace and a partition';
    const hint = `write ${service}:<port>, or ${service}.svc.<datacenter>.dc:<port> for another datacenter`;
    return { problem: { summary: `"${text}" names ${what}, which needs Consul Enterprise`, hint } };
  }
  let datacenter = '';
  for (let i = 2; i < parts.length; i += 2) {
    const value = parts[i]!;
    switch (parts[i + 1] ?? '') {
      case 'dc':
        if (datacenter !== '' || hasThird) return 'incorrect';
        datacenter = value;
        break;
      case 'ns':
      case 'ap':
        return {
          problem: { summary: `"${text}" names a ${parts[i + 1] === 'ns' ? 'namespace' : 'partition'}, which needs Consul Enterprise` },
        };
      case 'peer':
        return { problem: { summary: `"${text}" names a peer; cluster peering is not supported (a feature of Consul, also Enterprise)` } };
      default:
        return 'incorrect';
    }
  }
  return { service: service!, datacenter };
}

function parsePort(text: string, ports: readonly WorkloadPort[]): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : findPort(ports, text);
  return port !== undefined && port >= 1 && port <= 65535 ? port : undefined;
}

interface Options {
  datacenter?: string;
  localAddress?: string;
  gatewayMode?: string;
}

/** `dc=dc2&local_bind_address=127.0.0.2`, with `&` or `;` between. */
function parseOptions(text: string, item: string): Options | { problem: Pick<Diagnostic, 'summary' | 'detail' | 'hint'> } {
  const options: Options = {};
  for (const pair of text.split(/[;&]/)) {
    const [key, value = ''] = pair.split('=', 2) as [string, string?];
    switch (key) {
      case 'dc':
        options.datacenter = value;
        break;
      case 'local_bind_address':
        if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(value)) {
          return {
            problem: { summary: `invalid upstream local bind address "${value}" in "${item}"`, detail: 'expected an IPv4 address' },
          };
        }
        options.localAddress = value;
        break;
      case 'mesh_gateway_mode':
        if (!['none', 'local', 'remote'].includes(value)) {
          const detail = 'expected one of: none, local, remote';
          return { problem: { summary: `invalid upstream mesh gateway mode "${value}" in "${item}"`, detail } };
        }
        options.gatewayMode = value;
        break;
      case 'destination_port':
        return { problem: { summary: `the upstream option "destination_port" is not supported yet in "${item}"` } };
      default: {
        const known = ['dc', 'local_bind_address', 'mesh_gateway_mode', 'destination_port'];
        const near = nearest(key, known);
        return {
          problem: {
            summary: `unsupported upstream option "${key}" in "${item}"`,
            detail: `expected one of: ${known.join(', ')}`,
            ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
          },
        };
      }
    }
  }
  return options;
}

/** Two upstreams can't share a port, and none can take one that a container of the pod listens on: they share an address. */
export function portClashes(upstreams: readonly PlacedUpstream[], ports: readonly WorkloadPort[], at: Place): Diagnostic[] {
  const taken = new Map<number, string>(ports.map(({ port }) => [port, 'a container of the pod']));
  return upstreams.flatMap(({ upstream, start, end }) => {
    const owner = taken.get(upstream.localPort);
    taken.set(upstream.localPort, `the upstream "${upstream.service}"`);
    if (owner === undefined) return [];
    const subject = rangeInside(at, start, end);
    const summary = `port ${upstream.localPort} of the upstream "${upstream.service}" is taken by ${owner}`;
    return [errorHere(at, summary, { hint: 'give it a port of its own', ...(subject ? { subject } : {}) })];
  });
}
