import { errorAt, warningAt } from '../../base/diagnostic.ts';
import { listenPorts } from '../../base/listen-ports.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import { nearest } from '../../base/suggest.ts';
import type { Mount } from '../../base/workload.ts';
import { builtinImage, unresolvedImageHint } from '../../images/builtin.ts';
import type { Decoded } from '../../schema/schema.ts';
import { lowerNetwork, shipyardNames } from '../attachment.ts';
import { type ConsulServer, isAgentCommand, lowerConsulAgent } from '../consul-server.ts';
import { environmentOf } from '../environment.ts';
import type { LowerContext } from '../resource-type.ts';
import { lowerVolumes } from '../volumes.ts';
import { lowerReadiness } from './readiness.ts';
import { lowerRegistrations, placeOfVariable, type Registrations } from './registrations.ts';
import type { containerSchema } from './schema.ts';
import type { ContainerSpec } from './spec.ts';

type Config = Decoded<typeof containerSchema>;

/** What the image of a container does beside its application. */
interface Beside extends Registrations {
  readonly consul?: ConsulServer;
  readonly stoodFor?: 'agent';
}

export async function lowerContainer(config: Config, context: LowerContext): Promise<ContainerSpec> {
  const image = builtinImage(config.image.name);
  if (!image) {
    context.report(
      errorAt(context.at('image.name'), `image ${JSON.stringify(config.image.name)} can't run here`, {
        hint: unresolvedImageHint(config.image.name),
      }),
    );
  }
  const env = environmentOf(config);
  const mounts = await lowerVolumes(config.volume ?? [], context);
  const words = [...(config.entrypoint ?? []), ...(config.command ?? [])];
  const beside = await lowerBeside(config, { env, mounts, words }, context);
  checkCommand(config, words, context);
  const appPorts = new Set([
    ...listenPorts({ ...image?.env, ...env }),
    ...beside.services.map((service) => service.port),
    ...(beside.consul ? [beside.consul.httpPort] : []),
    ...(config.port ?? []).map((port) => port.local),
  ]);
  const aliases = (config.network ?? []).flatMap((network) => network.aliases ?? []);
  const hostPorts = (config.port ?? []).flatMap(({ host, local }) => (host === undefined ? [] : [{ host, target: local }]));
  const apiPort = beside.consul?.httpPort;
  const pages = (config.port ?? []).flatMap(({ host, open_in_browser: path }) =>
    host === undefined || path === undefined || path === '' ? [] : [{ host, path }],
  );
  return {
    workload: {
      id: `container.${context.name}`,
      name: context.name,
      image: config.image.name,
      ...(config.entrypoint ? { entrypoint: config.entrypoint } : {}),
      ...(config.command ? { command: config.command } : {}),
      env,
      ports: [...appPorts].filter((port) => port > 0).map((port) => ({ port })),
      upstreamPorts: beside.services.flatMap((service) => service.sidecar?.upstreams.map((upstream) => upstream.localPort) ?? []),
      names: shipyardNames(context.name, 'container', aliases),
      mounts,
      readiness: lowerReadiness(config.health_check, [...appPorts], beside.services, context),
      liveness: [],
      stopDeadlineMs: 10_000,
    },
    network: lowerNetwork(config.network ?? [], context),
    ...beside,
    hostPorts: hostPorts.map((port) => (port.target === apiPort ? { ...port, api: true } : port)),
    ...(pages.length > 0 ? { pages } : {}),
  };
}

interface Given {
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly words: readonly string[];
}

async function lowerBeside(config: Config, given: Given, context: LowerContext): Promise<Beside> {
  const image = builtinImage(config.image.name);
  const { env, mounts, words } = given;
  if (image?.program === 'consul' && isAgentCommand(words)) {
    const { server, services, datacenter } = await lowerConsulAgent(words, mounts, context);
    // The services of an agent's own files are registered with that agent.
    return {
      stoodFor: 'agent',
      services,
      ...(server ? { consul: server } : {}),
      ...(datacenter === undefined ? {} : { datacenter }),
    };
  }
  if (!image?.registers) return { services: [] };
  const registrations = await lowerRegistrations(config, { vm: image.vm, env, mounts }, context);
  if (registrations.services.length > 0) checkServiceId(config, registrations.services, env['SERVICE_ID'], context);
  return registrations;
}

/** The image starts one sidecar: that of SERVICE_ID. */
function checkServiceId(config: Config, services: readonly ServiceDefinition[], id: string | undefined, context: LowerContext): void {
  const withSidecar = services.filter((service) => service.sidecar).map((service) => service.id);
  if (withSidecar.length === 0) return;
  if (id === undefined || id === 'null') {
    const detail = `the image would start no sidecar; here each service has the one it asks for. Set it to "${withSidecar[0]}"`;
    context.report(warningAt(context.header, `${context.name} registers ${withSidecar.join(', ')}, but SERVICE_ID is not set`, { detail }));
  } else if (!services.some((service) => service.id === id)) {
    const near = nearest(id, withSidecar);
    const hint = near === undefined ? {} : { hint: `did you mean "${near}"?` };
    const detail = `it must be the id of a service that is registered: ${services.map((service) => service.id).join(', ')}`;
    context.report(
      errorAt(placeOfVariable(config, 'SERVICE_ID', context), `SERVICE_ID ${JSON.stringify(id)} is no service of ${context.name}`, {
        detail,
        ...hint,
      }),
    );
  }
}

function checkCommand(config: Config, words: readonly string[], context: LowerContext): void {
  const image = builtinImage(config.image.name);
  if (image?.program === 'command' && words.length === 0) {
    const detail = 'this image has no program of its own: command = ["tail", "-f", "/dev/null"] keeps it running';
    context.report(errorAt(context.header, `container "${context.name}" has no command to run`, { detail }));
  }
  if (image?.program !== 'consul' || isAgentCommand(words)) return;
  const at = words.indexOf('connect');
  if (at !== -1 && words[at + 1] === 'envoy') {
    const gateway = words.find((word) => /^--?gateway=/.test(word));
    const summary =
      gateway === undefined ? 'a sidecar needs the address of its application' : 'gateways are not supported by this version of mesh yet';
    const detail =
      gateway === undefined
        ? 'define it as: sidecar "name" { target = "container.web" … }'
        : 'take this container out, or disable it: disabled = true';
    context.report(errorAt(context.at('command'), summary, { detail }));
  } else if (words.length === 0) {
    const detail = 'command = ["consul", "agent", "-dev"] makes it a datacenter';
    context.report(errorAt(context.header, `container "${context.name}" has no command to run`, { detail }));
  }
}
