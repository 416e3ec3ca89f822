import { isGatewayKind } from '../base/gateway-kind.ts';
import type { ServiceDefinition, SidecarDefinition, WrittenCall } from '../base/registration.ts';
import type { Range } from '../base/source.ts';
import type { LocatedMap } from '../schema/located.ts';
import { list, object, optional } from '../schema/schema.ts';
import { fieldsOf } from './canonical.ts';
import { LenientDecoder } from './lenient.ts';
import { type Problem, problem } from './problem.ts';
import { serviceCheck } from './service/check.ts';
import { reportLimits } from './service/limits.ts';
import { breaches } from './service/rules.ts';
import { type RawService, type RawSidecar, service } from './service/schema.ts';

export interface DecodedServices {
  /** Empty if there is an error among the problems. */
  readonly services: readonly ServiceDefinition[];
  /** What they have as upstreams. */
  readonly calls: readonly WrittenCall[];
  readonly problems: readonly Problem[];
}

const schema = object({
  service: optional(service, 'One service.'),
  services: optional(list(service), 'Several services.'),
});

/**
 * Reads what Consul's agent reads as service definitions: `service { … }`, `services [ … ]`, in snake_case or CamelCase.
 * Everything that is wrong is reported at once, with its place: unknown keys, wrong types, rules of the registration, and
 * what this version can't do.
 */
export function decodeServiceDefinitions(file: LocatedMap): DecodedServices {
  const decoder = new LenientDecoder((path) => `invalid config key ${path}`);
  const raw = decoder.object(file, fieldsOf(schema), '') as { service?: RawService; services?: RawService[] };
  const { ranges } = decoder;
  const problems = decoder.problems.map((p) => (p.path === 'service' ? { ...p, hint: 'write "services" to define several' } : p));
  const several = (raw.services ?? []).map((one, i) => [`services[${i}]`, one] as const);
  const all: (readonly [string, RawService])[] = raw.service ? [['service', raw.service], ...several] : several;
  if (all.length === 0 && problems.length === 0) {
    const hint = 'start with service { name = "web" }';
    problems.push(problem('alone', '', 'no service is defined here', { at: file.range, hint }));
  }
  problems.push(...reportLimits(raw, schema, '', ranges));
  // A wrong type leaves holes, of which rules would speak in vain.
  if (!problems.some((p) => p.form === 'decode')) for (const [path, one] of all) problems.push(...rulesOf(one, path, ranges));
  const failed = problems.some((p) => p.severity === 'error');
  if (failed) return { services: [], calls: [], problems };
  return { services: all.map(([, one]) => definition(one)), calls: all.flatMap(([path, one]) => callsOf(one, path, ranges)), problems };
}

function rulesOf(one: RawService, path: string, ranges: ReadonlyMap<string, Range>): Problem[] {
  return breaches(one).map(({ path: below, text }) => {
    const at = `${path}.${below}`;
    return problem('alone', at, text, { at: ranges.get(at) ?? ranges.get(path) });
  });
}

function callsOf(one: RawService, path: string, ranges: ReadonlyMap<string, Range>): WrittenCall[] {
  const { sidecar } = definition(one);
  return (sidecar?.upstreams ?? []).flatMap(({ service, datacenter, isQuery }, i) => {
    if (isQuery) return [];
    const upstream = `${path}.connect.sidecar_service.proxy.upstreams[${i}]`;
    const written = datacenter === '' ? 'destination_name' : 'datacenter';
    return [{ service, datacenter, at: ranges.get(`${upstream}.${written}`) ?? ranges.get(upstream) }];
  });
}

function definition(one: RawService): ServiceDefinition {
  const name = one.name ?? '';
  const id = one.id || name;
  const checks = [...(one.check ? [one.check] : []), ...(one.checks ?? [])];
  const sidecar = one.connect?.sidecar_service as RawSidecar | undefined;
  const { kind = '' } = one;
  return {
    name,
    id,
    port: one.port ?? 0,
    address: one.address ?? '',
    tags: one.tags ?? [],
    meta: one.meta ?? {},
    checks: checks.map((check, i) => serviceCheck(check, { id, name }, i + 1, checks.length)),
    ...(sidecar ? { sidecar: sidecarDefinition(sidecar) } : {}),
    ...(isGatewayKind(kind) ? { gateway: { kind, config: one.proxy?.config ?? {} } } : {}),
  };
}

function sidecarDefinition(raw: RawSidecar): SidecarDefinition {
  return {
    port: raw.port ?? 0,
    upstreams: (raw.proxy?.upstreams ?? []).map((upstream) => ({
      service: upstream.destination_name ?? '',
      ...(upstream.destination_type === 'prepared_query' ? { isQuery: true } : {}),
      datacenter: upstream.datacenter ?? '',
      localAddress: upstream.local_bind_address || '127.0.0.1',
      localPort: upstream.local_bind_port ?? 0,
      config: upstream.config ?? {},
    })),
    config: raw.proxy?.config ?? {},
  };
}
