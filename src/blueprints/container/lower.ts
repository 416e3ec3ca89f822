import { errorAt, warningAt } from '../../base/diagnostic.ts';
import { listenPorts } from '../../base/listen-ports.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Probe } from '../../base/workload.ts';
import type { BuiltinImage } from '../../images/builtin.ts';
import type { Decoded } from '../../schema/schema.ts';
import { isAgentFlag } from '../agent-command.ts';
import { aliasesOf, hostNames, lowerNetwork } from '../attachment.ts';
import { connectEnvoy } from '../connect-envoy.ts';
import { type ConsulAgent, type ConsulServer, lowerConsulAgent } from '../consul-server.ts';
import { namesOf } from '../datacenter.ts';
import { environmentOf } from '../environment.ts';
import { mappingFor, runMapped, warnOfUnusedCommand } from '../mapped-image.ts';
import type { LowerContext } from '../resource-type.ts';
import { lowerVolumes } from '../volumes.ts';
import { gatewayPorts, isGatewayCommand, withGateway } from './gateway.ts';
import { lowerHealthCheck } from './health-check.ts';
import { lowerImage } from './image.ts';
import { type ContainerPorts, lowerContainerPorts } from './ports.ts';
import { lowerReadiness } from './readiness.ts';
import { lowerRegistrations, placeOfVariable, type Registrations, upstreamPortsOf } from './registrations.ts';
import type { containerSchema, jumppadContainerSchema } from './schema.ts';
import type { ContainerSpec } from './spec.ts';

type Shipyards = Decoded<typeof containerSchema>;
type Jumppads = Decoded<typeof jumppadContainerSchema>;

/** What both spellings come to. */
interface Config extends Omit<Shipyards, 'health_check'> {
  readonly environment?: Readonly<Record<string, string>>;
  readonly health_check?: unknown;
}

/** What the image of a container does beside its application. */
interface Beside extends Registrations {
  readonly consul?: ConsulServer;
  readonly stoodFor?: NonNullable<ContainerSpec['stoodFor']>;
  readonly listens?: readonly number[];
}

export function lowerContainer(config: Shipyards, context: LowerContext): Promise<ContainerSpec> {
  const { health_check: check } = config;
  return lower(config, (ports, services) => lowerReadiness(check, ports, services, context), context);
}

export function lowerJumppadContainer(config: Jumppads, context: LowerContext): Promise<ContainerSpec> {
  const { health_check: check, port = [] } = config;
  // Jumppad asks from outside: at a port of this machine, which leads to one of the container.
  const portOf = (written: number): number =>
    port.some(({ local }) => local === written) ? written : (port.find(({ host }) => host === written)?.local ?? written);
  const probes = check && lowerHealthCheck(check, portOf, context);
  const readiness: Readiness = (ports, services) => (probes?.length ? probes : lowerReadiness(undefined, ports, services, context));
  return lower(config, readiness, context);
}

type Readiness = (ports: readonly number[], services: readonly ServiceDefinition[]) => Probe[];

async function lower(config: Config, readiness: Readiness, context: LowerContext): Promise<ContainerSpec> {
  const image = lowerImage(config.image.name, context);
  const env = environmentOf(config);
  const mounts = await lowerVolumes(config.volume ?? [], `container.${context.name}`, context);
  const names = hostNames(context, 'container', aliasesOf(config.network));
  const network = lowerNetwork(config.network ?? [], context);
  const agent = await lowerConsulAgent(config, { env, mounts, names: namesOf({ name: context.name, names }, network) }, context);
  const isGateway = image?.program === 'consul' && isGatewayCommand(config);
  const beside: Beside = agent
    ? stoodFor(agent)
    : image && (image.registers || isGateway)
      ? await registrationsOf(config, { vm: image.vm, isGateway, env, mounts }, context)
      : { services: [] };
  if (!agent) checkCommand(config, image?.program, context);
  const opened = lowerContainerPorts(config, context);
  if (agent) checkAgentPorts(opened, config, agent, context);
  if (config.dns && config.dns.length > 0) {
    const detail = 'names are those of the blueprint and of this machine; for others write addresses';
    context.report(warningAt(context.at('dns'), 'the servers of "dns" are not asked', { detail }));
  }
  warnOfUnusedCommand({ ...config, image: config.image.name }, config.entrypoint ? 'entrypoint' : 'command', context);
  const appPorts = new Set([
    ...listenPorts({ ...image?.env, ...env }),
    ...beside.services.map((service) => service.port),
    ...(beside.consul ? [beside.consul.httpPort] : []),
    ...opened.named,
    ...(mappingFor(config.image.name, context.images)?.ports ?? []),
  ]);
  const ports = new Set([...appPorts, ...opened.ranges.flatMap((range) => range.ports)]);
  const apiPort = beside.consul?.httpPort;
  const isServed = (port: number) => (beside.stoodFor ? (beside.listens ?? []) : opened.named).includes(port);
  return {
    workload: runMapped(
      {
        id: `container.${context.name}`,
        name: context.name,
        image: config.image.name,
        ...(config.entrypoint ? { entrypoint: config.entrypoint } : {}),
        ...(config.command ? { command: config.command } : {}),
        env,
        ports: [...ports].filter((port) => port > 0).map((port) => ({ port })),
        upstreamPorts: upstreamPortsOf(beside),
        names,
        mounts,
        readiness: readiness([...appPorts], beside.services),
        liveness: [],
        stopDeadlineMs: 10_000,
      },
      context.images,
    ),
    network,
    ...beside,
    hostPorts: opened.host.map((port) => {
      if (port.target === apiPort) return { ...port, api: true };
      // Who says when it is ready, or opens a whole range, need not listen on every port.
      return config.health_check || !isServed(port.target) ? { ...port, optional: true } : port;
    }),
    ...(opened.pages.length > 0 ? { pages: opened.pages } : {}),
  };
}

/** The services of an agent's own files are registered with that agent. */
function stoodFor({ server, services, datacenter }: ConsulAgent): Beside {
  return { stoodFor: 'agent', services, ...(server ? { consul: server } : {}), ...(datacenter === undefined ? {} : { datacenter }) };
}

async function registrationsOf(config: Config, given: Parameters<typeof lowerRegistrations>[1], context: LowerContext): Promise<Beside> {
  const registrations = await lowerRegistrations(config, given, context);
  checkServiceId(config, registrations.services, given.env['SERVICE_ID'], context);
  if (!given.isGateway) return registrations;
  const services = withGateway(config, registrations.services, context);
  return { ...registrations, services, stoodFor: 'gateway', listens: gatewayPorts({ ...registrations, services }) };
}

/** The image starts one sidecar: that of SERVICE_ID. */
function checkServiceId(config: Config, services: readonly ServiceDefinition[], given: string | undefined, context: LowerContext): void {
  const withSidecar = services.filter((service) => service.sidecar).map((service) => service.id);
  const id = given === '' || given === 'null' ? undefined : given;
  const at = placeOfVariable(config, 'SERVICE_ID', context);
  if (id === undefined) {
    if (withSidecar.length === 0) return;
    const detail = `the image would start no sidecar; here each service has the one it asks for. Set it to "${withSidecar[0]}"`;
    context.report(warningAt(context.header, `${context.name} registers ${withSidecar.join(', ')}, but SERVICE_ID is not set`, { detail }));
  } else if (withSidecar.length === 0) {
    const detail = 'no file of its volumes defines it: service { id = … connect { sidecar_service {} } }; it runs without one';
    context.report(
      warningAt(at, `SERVICE_ID asks for the sidecar of ${JSON.stringify(id)}, which ${context.name} does not register`, { detail }),
    );
  } else if (!withSidecar.includes(id)) {
    const detail = `services with a sidecar: ${withSidecar.join(', ')}`;
    const summary = `SERVICE_ID ${JSON.stringify(id)} is no service of ${context.name} that has a sidecar`;
    context.report(errorAt(at, summary, { detail, ...didYouMean(id, withSidecar) }));
  }
}

/** What a real agent would serve and this one does not. */
function checkAgentPorts(
  { ranges }: ContainerPorts,
  { port = [] }: Config,
  { server, services }: ConsulAgent,
  context: LowerContext,
): void {
  const isServed = (one: number) => one === server?.httpPort || services.some((service) => service.port === one);
  const detail = server
    ? `of a Consul server only the HTTP API is served, on port ${server.httpPort}`
    : 'only Consul servers have an HTTP API';
  const warn = (ports: readonly number[], at: string): void => {
    const idle = ports.filter((one) => !isServed(one));
    if (idle.length === 0) return;
    const summary = `nothing listens on port${idle.length > 1 ? 's' : ''} ${idle.join(', ')} of ${context.name}`;
    context.report(warningAt(context.at(at), summary, { detail }));
  };
  for (const [i, { local, protocol }] of port.entries()) if (protocol !== 'udp') warn([local], `port[${i}].local`);
  for (const { ports, at } of ranges) warn(ports, `${at}.range`);
}

function checkCommand(config: Config, program: BuiltinImage['program'] | undefined, context: LowerContext): void {
  const { entrypoint = [], command = [] } = config;
  const words = [...entrypoint, ...command];
  if ((program === 'command' || program === 'consul') && words.length === 0) {
    const detail = 'this image has no program of its own: command = ["tail", "-f", "/dev/null"] keeps it running';
    context.report(errorAt(context.header, `container "${context.name}" has no command to run`, { detail }));
  }
  const flag = words[0] === 'consul' ? words[1] : undefined;
  if (program === 'consul' && flag !== undefined && isAgentFlag(flag)) {
    const hint = `write ["consul", "agent", "${flag}", …]`;
    context.report(errorAt(context.at(config.command ? 'command' : 'entrypoint'), `"consul ${flag}" names no command of Consul`, { hint }));
  }
  if (program !== 'consul' || !connectEnvoy(config) || isGatewayCommand(config)) return;
  const detail = 'define it as: sidecar "name" { target = "container.web" … }';
  context.report(errorAt(context.at('command'), 'a sidecar needs the address of its application', { detail }));
}
