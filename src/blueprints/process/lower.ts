import { errorAt } from '../../base/diagnostic.ts';
import type { ServiceDefinition } from '../../base/registration.ts';
import type { Decoded } from '../../schema/schema.ts';
import { aliasesOf, hostNames, lowerNetwork } from '../attachment.ts';
import { dependOnDatacenter } from '../datacenter.ts';
import { environmentOf } from '../environment.ts';
import { dependOnFiles } from '../exec/command.ts';
import { nearestPath } from '../nearest-path.ts';
import type { LowerContext } from '../resource-type.ts';
import { lowerChecks } from './checks.ts';
import type { processSchema } from './schema.ts';
import type { ProcessSpec } from './spec.ts';
import { lowerUpstreams, upstreamEnvironment } from './upstreams.ts';

type Config = Decoded<typeof processSchema>;

export async function lowerProcess(config: Config, context: LowerContext): Promise<ProcessSpec> {
  const { port, service = context.name } = config;
  const cwd = context.resolvePath(config.working_directory);
  await checkPlace(config, cwd, context);
  dependOnDatacenter(config.datacenter, context);
  const upstreams = lowerUpstreams(config.upstream ?? [], port, context);
  const connect = config.connect ?? (port !== undefined || upstreams.length > 0);
  checkMesh(config, connect, context);
  context.calls(
    upstreams.map(({ service: called, datacenter }, i) => ({ service: called, datacenter, at: context.at(`upstream[${i}].${called}`) })),
  );
  const { probes, checks } = lowerChecks(config.check ?? [], { id: service, name: service, port, at: 'check' }, context);
  const definition: ServiceDefinition = {
    name: service,
    id: service,
    port: port ?? 0,
    address: '',
    tags: config.tags ?? [],
    meta: config.meta ?? {},
    checks,
    ...(connect ? { sidecar: { port: 0, upstreams, config: {} } } : {}),
  };
  const { protocol, host_port: host, restart_on_change: patterns = [] } = config;
  return {
    workload: {
      id: context.key,
      name: context.name,
      image: '',
      command: config.command,
      cwd,
      env: { ...upstreamEnvironment(upstreams), ...environmentOf(config), ...config.environment },
      ports: port === undefined ? [] : [{ port }],
      ...(port === undefined ? {} : { serves: port }),
      upstreamPorts: upstreams.map(({ localPort }) => localPort),
      names: hostNames(context, 'process', aliasesOf(config.network)),
      mounts: [],
      readiness: probes,
      liveness: [],
      stopDeadlineMs: config.stop_timeout / 1e6,
    },
    network: lowerNetwork(config.network ?? [], context),
    services: port === undefined && !connect ? [] : [definition],
    ...(config.datacenter === undefined ? {} : { datacenter: config.datacenter }),
    hostPorts: host === undefined || port === undefined ? [] : [{ host, target: port }],
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol: { service, protocol } }),
    ...(patterns.length === 0 ? {} : { watch: { folder: cwd, patterns } }),
  };
}

async function checkPlace({ command, working_directory: written }: Config, cwd: string, context: LowerContext): Promise<void> {
  const [program = '', ...args] = command;
  if (program.trim() === '') {
    context.report(errorAt(context.at('command'), '"command" names no program', { detail: 'expected: command = ["node", "server.js"]' }));
  } else if (args.length === 0 && /\s/.test(program)) {
    const words = program
      .trim()
      .split(/\s+/)
      .map((word) => JSON.stringify(word));
    const summary = `"command" is a list of a program and its arguments, found ${JSON.stringify(program)}`;
    const isLine = /['"|&;<>$`*()]/.test(program);
    const hint = `command = ${isLine ? `["sh", "-c", ${JSON.stringify(program)}]` : `[${words.join(', ')}]`}`;
    context.report(errorAt(context.at('command'), summary, { hint }));
  }
  await dependOnFiles(command, cwd, context);
  if (await context.list(cwd)) return;
  const at = context.at('working_directory');
  if (await context.exists(cwd)) return context.report(errorAt(at, `${JSON.stringify(written)} is no folder`));
  const hint = await nearestPath(cwd, context.cwd, (folder) => context.list(folder));
  const detail = 'it is relative to the file that it stands in';
  context.report(errorAt(at, `folder ${JSON.stringify(written)} does not exist`, { detail, ...hint }));
}

/** What only makes sense together. */
function checkMesh(config: Config, connect: boolean, context: LowerContext): void {
  const { port, host_port: host, upstream = [], protocol, service } = config;
  const report = (path: string, summary: string, detail: string): void => context.report(errorAt(context.at(path), summary, { detail }));
  if (port === 0) report('port', '"port" is 0', 'expected the port that the program listens on, from 1 to 65535');
  if (port === undefined && host !== undefined) report('host_port', 'this leads nowhere', 'the program has no "port" that it listens on');
  if (port === undefined && protocol !== undefined)
    report('protocol', 'nothing speaks this', 'the program has no "port" that it listens on');
  if (!connect && upstream.length > 0) report('connect', 'upstreams need a sidecar', 'leave "connect" out, or the upstreams');
  if (service !== undefined && !/^[A-Za-z0-9_.-]{1,128}$/.test(service))
    report('service', `${JSON.stringify(service)} is not the name of a service`, 'up to 128 letters, digits, ".", "-" and "_"');
}
