import { errorAt, warningAt } from '../../base/diagnostic.ts';
import type { Workload } from '../../base/workload.ts';
import { type Decoded, duration, list, object, optional, reference, required, string, withDefault } from '../../schema/schema.ts';
import { type Attached, aliasesOf, fixedIn, lowerNetwork, networkAttachment } from '../attachment.ts';
import type { ContainerSpec } from '../container/spec.ts';
import { environmentOf } from '../environment.ts';
import { checkProgram, commandFields, PLAIN } from '../exec/command.ts';
import { checkImage, checkInnerFolder, dependOnServers, reservePlace } from '../exec/place.ts';
import { beside } from '../exec/target.ts';
import { mappingFor } from '../mapped-image.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { lowerVolumes, removeScratch, volumes } from '../volumes.ts';

const schema = object({
  image: optional(
    object({
      name: required(string(), 'Image reference: "shipyardrun/tools:v0.6.0", "consul:1.10.0".'),
      username: optional(string(), 'Registry user. Accepted; built-in images need none.'),
      password: optional(string(), 'Registry password. Accepted; built-in images need none.'),
    }),
    'Where the command runs: a container of its own, for as long as it takes. Its programs are those of this machine.',
  ),
  target: optional(
    reference('container'),
    'Instead of an image: the container beside which it runs, with its environment, volumes and address.',
  ),
  ...commandFields,
  working_directory: optional(string(), 'Where it runs, as a path of the container.'),
  volume: optional(volumes, 'Files and folders that it reads.'),
  network: optional(list(networkAttachment), 'Networks it is attached to; the first one gives its address.'),
  timeout: withDefault(duration(), 300e9, 'When it is ended and counts as failed.'),
});

export interface ExecRemoteSpec {
  /** With a target: what comes on top of it. */
  readonly workload: Omit<Workload, 'address'>;
  readonly target?: string;
  readonly network: Attached;
  readonly aliases: readonly string[];
  readonly timeoutMs: number;
}

export interface Reserved {
  /** Absent without a network. */
  readonly address?: string;
}

export const execRemote = resourceType<Decoded<typeof schema>, ExecRemoteSpec, Reserved>({
  type: 'exec_remote',
  schema,
  doc: 'A command beside the containers, run once, after what it depends on is ready. Paths of its volumes and names such as `consul.container.shipyard.run`, in its arguments and its environment, are those of this machine when it runs. An exit code other than 0 fails the resource and shows what it printed. `mesh logs NAME` shows its output.',
  afterReady: true,
  lowerAfter: ['container'],

  async lower(config, context) {
    checkProgram(config.cmd, context);
    checkPlace(config, context);
    const { target } = config;
    const mounts = await lowerVolumes(config.volume ?? [], `exec_remote.${context.name}`, context);
    const env = environmentOf(config);
    const mapping = config.image && mappingFor(config.image.name, context.images);
    const ofTarget = target === undefined ? [] : ((context.spec(target) as Partial<ContainerSpec> | undefined)?.workload?.mounts ?? []);
    await checkInnerFolder(config.working_directory, [...mounts, ...ofTarget], context);
    dependOnServers([...Object.values(env), config.cmd, ...(config.args ?? [])], context);
    return {
      workload: {
        ...PLAIN,
        id: `exec_remote.${context.name}`,
        name: context.name,
        image: config.image?.name ?? '',
        // As `docker exec` does: the image's own entry point has no part in it.
        entrypoint: [config.cmd],
        command: config.args ?? [],
        ...(config.working_directory === undefined ? {} : { cwd: config.working_directory }),
        // Of a program that stands for the image: where it is, and its environment.
        ...(mapping && { mapped: true, cwd: config.working_directory ?? mapping.workingDirectory }),
        env: { ...mapping?.env, ...env },
        mounts,
      },
      ...(target === undefined ? {} : { target }),
      network: lowerNetwork(config.network ?? [], context),
      aliases: aliasesOf(config.network),
      timeoutMs: config.timeout / 1e6,
    };
  },

  reserve: reservePlace,

  async create(_key, { workload, target, timeoutMs }, { address = '' }, context, { adopt, signal }) {
    if (adopt) return;
    const whole = target === undefined ? { ...workload, address } : beside(context.record(target), workload);
    await context.workloads.runOnce(whole, { timeoutMs, signal });
  },

  guards: () => [],
  names: (spec) => spec.aliases,
  fixedAddresses: fixedIn,

  async destroy(_key, { workload }, reserved, context) {
    await context.workloads.stop(workload.id);
    await removeScratch(workload, context.workloads);
    if (reserved?.address !== undefined) await context.release([reserved.address]);
  },
});

function checkPlace({ image, target, network }: Decoded<typeof schema>, context: LowerContext): void {
  const containers = context.resources('container').map(({ key }) => key);
  if (!image && target === undefined) {
    const example = containers[0] === undefined ? '' : `, or target = "${containers[0]}"`;
    context.report(
      errorAt(context.header, `exec_remote "${context.name}" needs an image or a target`, {
        detail: 'the image in which the command runs, or the container beside which it does',
        hint: `image { name = "shipyardrun/tools:latest" }${example}`,
      }),
    );
  }
  if (image && target !== undefined)
    context.report(warningAt(context.at('image'), `"image" is not used: the command runs beside ${target}`, { hint: 'keep one of them' }));
  else if (image) checkImage(image.name, context);
  if (network && target !== undefined)
    context.report(warningAt(context.at('network'), `"network" is not used: the command has the address of ${target}`));
}
