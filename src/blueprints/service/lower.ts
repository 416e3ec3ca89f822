import { errorAt } from '../../base/diagnostic.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import { BARE, type Workload } from '../../base/workload.ts';
import { bool, type Decoded, list, map, object, optional, port, refused, string } from '../../schema/schema.ts';
import { parseConsul } from '../agent-files.ts';
import { lowerReadiness } from '../container/readiness.ts';
import { dependOnDatacenter } from '../datacenter.ts';
import { lowerChecks } from '../process/checks.ts';
import { checkFields, PROTOCOLS } from '../process/schema.ts';
import type { LowerContext } from '../resource-type.ts';

/** The block `service "name" { … }`. */
export const serviceSchema = object({
  name: optional(string(), 'Name under which it is registered. By default that of the block.'),
  address: optional(
    string(),
    'Where it is: an IP address or a host name, of this machine or another one. Needed, unless the file says it.',
  ),
  port: optional(port(), 'Port on which it listens there. Needed, unless the file says it.'),
  protocol: optional(string(PROTOCOLS), 'Protocol of the service, unless its service-defaults say it. By default tcp.'),
  connect: optional(bool(), 'Whether it has a sidecar here, by which the mesh calls it. By default it has.'),
  check: optional(list(object(checkFields)), 'When it is healthy: if all of them pass. By default when its port accepts.'),
  tags: optional(list(string()), 'Words to select by.'),
  meta: optional(map(string()), 'Facts to select by.'),
  datacenter: optional(string(), 'Where it is registered; by default the datacenter of the agent.'),
  file: optional(string(), "Service definition of Consul's agent (`service { … }`, in HCL or JSON) with what is not given here."),
  weights: refused('all instances weigh the same in this version of mesh'),
});

type Config = Decoded<typeof serviceSchema>;

export interface ServiceSpec {
  /** One. */
  readonly services: readonly ServiceDefinition[];
  /** Where it is. */
  readonly address: string;
  /** What is looked at there. */
  readonly workload: Omit<Workload, 'address'>;
  readonly datacenter?: string;
  readonly protocol?: { readonly service: string; readonly protocol: string };
}

export async function lowerService(config: Config, context: LowerContext): Promise<ServiceSpec> {
  dependOnDatacenter(config.datacenter, context);
  const written = config.file === undefined ? undefined : await definitionOf(config.file, context);
  const name = config.name ?? written?.name ?? context.name;
  const id = written?.id ?? name;
  const address = config.address ?? written?.address ?? '';
  const place = config.port ?? (written?.port || undefined);
  const missing = [...(address === '' ? ['address'] : []), ...(place === undefined ? ['port'] : [])];
  if (missing.length > 0 && (config.file === undefined || written)) {
    const detail = 'something that runs elsewhere has an address and a port; a program to start is a `process`';
    context.report(
      errorAt(context.header, `service "${context.name}" needs ${missing.map((one) => `"${one}"`).join(' and ')}`, { detail }),
    );
  }
  const given = config.check ?? [];
  const ofFile = given.length === 0 && written && written.checks.length > 0;
  const { probes, checks } = ofFile
    ? { probes: lowerReadiness(undefined, [], [written], context), checks: written.checks }
    : lowerChecks(given, { id, name, port: place, at: 'check' }, context);
  const sidecar = written?.sidecar ?? { port: 0, upstreams: [], config: {} };
  const definition: ServiceDefinition = {
    name,
    id,
    port: place ?? 0,
    address,
    tags: config.tags ?? written?.tags ?? [],
    meta: config.meta ?? written?.meta ?? {},
    checks,
    ...((config.connect ?? true) ? { sidecar } : {}),
  };
  return {
    services: [definition],
    address,
    workload: {
      ...BARE,
      id: context.key,
      name: context.name,
      image: '',
      env: {},
      ports: place === undefined ? [] : [{ port: place }],
      readiness: probes,
      stopDeadlineMs: 0,
    },
    ...(config.datacenter === undefined ? {} : { datacenter: config.datacenter }),
    ...(config.protocol === undefined ? {} : { protocol: { service: name, protocol: config.protocol } }),
  };
}

async function definitionOf(file: string, context: LowerContext): Promise<ServiceDefinition | undefined> {
  const source = await context.read(context.resolvePath(file), context.at('file'));
  const text = source && (await parseConsul(source, context));
  if (!text) return undefined;
  const { decodeServiceDefinitions } = await import('../../entries/service-definition.ts');
  const { services, calls, problems } = decodeServiceDefinitions(text);
  for (const { form: _, ...diagnostic } of problems) context.report(diagnostic);
  context.calls(calls);
  if (services.length > 1) {
    const detail = `${file} defines ${services.map(({ name }) => name).join(', ')}`;
    context.report(errorAt(context.at('file'), 'a block is one service', { detail, hint: 'write a block and a file for each' }));
  }
  if (services[0]?.gateway) {
    const hint = 'run it in a container: command = ["consul", "connect", "envoy", "-gateway=ingress", …]';
    context.report(errorAt(context.at('file'), 'a gateway does not run elsewhere: the data plane serves it', { hint }));
  }
  return services[0];
}
