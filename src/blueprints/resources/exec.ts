import { dirname, isAbsolute, join } from 'node:path';
import { errorAt, warningAt } from '../../base/diagnostic.ts';
import type { Workload } from '../../base/workload.ts';
import {
  bool,
  type Decoded,
  duration,
  int,
  list,
  map,
  object,
  optional,
  reference,
  required,
  string,
  withDefault,
} from '../../schema/schema.ts';
import { type Attached, aliasesOf, fixedIn, lowerNetwork, networkAttachment } from '../attachment.ts';
import type { ContainerSpec } from '../container/spec.ts';
import { PLAIN } from '../exec/command.ts';
import { parseExecOutput } from '../exec/outputs.ts';
import { checkImage, checkInnerFolder, dependOnServers, reservePlace } from '../exec/place.ts';
import { scriptCommand, scriptText } from '../exec/script.ts';
import { beside } from '../exec/target.ts';
import { isHealthy } from '../instance.ts';
import { digestOf } from '../made-file.ts';
import { mappingFor } from '../mapped-image.ts';
import { type LowerContext, resourceType } from '../resource-type.ts';
import { lowerVolumes, removeScratch, volumes } from '../volumes.ts';

const schema = object({
  script: required(string(), 'What to run: lines for `sh`, or for what its first line asks for (`#!/bin/bash`).'),
  working_directory: optional(
    string(),
    'Where it runs: relative to the blueprint, whose folder is the default; with an image or a target a path of the container.',
  ),
  daemon: withDefault(bool(), false, 'It goes on in the background: kept running, and stopped with the resource.'),
  timeout: withDefault(duration(), 300e9, 'When it is ended and counts as failed. A daemon has no limit.'),
  environment: optional(map(string()), 'Environment variables.'),
  image: optional(
    object({
      name: required(string(), 'Image reference: "shipyardrun/tools:v0.6.0", "consul:1.10.0".'),
      username: optional(string(), 'Registry user. Accepted; built-in images need none.'),
      password: optional(string(), 'Registry password. Accepted; built-in images need none.'),
    }),
    'Where it runs: a container of its own, for as long as it takes. Its programs are those of this machine.',
  ),
  target: optional(
    reference('container'),
    'Instead of an image: the container beside which it runs, with its environment, volumes and address.',
  ),
  network: optional(list(networkAttachment), 'Networks that the container of an image is attached to; the first one gives its address.'),
  volume: optional(volumes, 'Files and folders that it reads.'),
  run_as: optional(
    object({ user: optional(string(), 'Name or id.'), group: optional(string(), 'Name or id.') }),
    'Accepted; local processes have the rights of the user.',
  ),
});

type Config = Decoded<typeof schema>;

export interface ExecSpec {
  /** With a target: what comes on top of it. */
  readonly workload: Omit<Workload, 'address'>;
  readonly target?: string;
  readonly network: Attached;
  readonly aliases: readonly string[];
  readonly daemon: boolean;
  readonly timeoutMs: number;
  /** SHA-256 of the script. */
  readonly checksum: string;
  /** Absolute path of what the script writes its outputs to. */
  readonly outputFile: string;
}

interface Reserved {
  /** In a network. */
  readonly address?: string;
}

export const exec = resourceType<Config, ExecSpec, Reserved>({
  type: 'exec',
  schema,
  doc: 'A script, run once, after what it depends on is ready: on this machine, or beside the containers. It is run again when it changes. What it writes to the file `$EXEC_OUTPUT`, as lines `name=value`, others can refer to. An exit code other than 0 fails the resource and shows what it printed. `mesh logs NAME` shows its output; `consul`, `shipyard`, `jumppad` and `mesh` on its PATH are this mesh.',
  afterReady: true,
  lowerAfter: ['container'],
  outputs: {
    fields: {
      output: { schema: map(string()), doc: 'What the script wrote to `$EXEC_OUTPUT`, by name.' },
      exit_code: { schema: int(), doc: 'Its exit code.' },
      pid: { schema: int(), doc: 'Process id of a daemon when it was started; 0 of a script that has ended.' },
      checksum: { schema: string(), doc: 'SHA-256 of the script, in hexadecimal digits.' },
    },
    of({ checksum }, made) {
      const created = made && { output: {}, exit_code: 0, pid: 0, ...(made.created as object | undefined) };
      return { checksum, output: created?.output, exit_code: created?.exit_code, pid: created?.pid };
    },
  },

  async lower(config, context) {
    const { target, image } = config;
    const mounts = await lowerVolumes(config.volume ?? [], `exec.${context.name}`, context);
    const environment = config.environment ?? {};
    const inside = image !== undefined || target !== undefined;
    checkPlace(config, context);
    const script = scriptText(config.script);
    if (inside) {
      const ofTarget = target === undefined ? [] : ((context.spec(target) as Partial<ContainerSpec> | undefined)?.workload?.mounts ?? []);
      await checkInnerFolder(config.working_directory, [...mounts, ...ofTarget], context);
    }
    const cwd = inside ? config.working_directory : await ownFolder(config.working_directory, context);
    dependOnServers([...Object.values(environment), script], context);
    // Of a program that stands for the image: where it is, and its environment.
    const mapping = image && mappingFor(image.name, context.images);
    const outputFile = join(context.dataFolder, 'exec', `${context.key}.output`);
    return {
      workload: {
        ...PLAIN,
        id: context.key,
        name: context.name,
        image: image?.name ?? '',
        entrypoint: scriptCommand(script, 'script', context),
        ...(cwd === undefined ? {} : { cwd }),
        ...(mapping && { mapped: true, cwd: cwd ?? mapping.workingDirectory }),
        // With two slashes it is not taken for a path of its volumes.
        env: { ...mapping?.env, ...environment, EXEC_OUTPUT: `/${outputFile}` },
        mounts,
      },
      ...(target === undefined ? {} : { target }),
      network: lowerNetwork(config.network ?? [], context),
      aliases: aliasesOf(config.network),
      daemon: config.daemon,
      timeoutMs: config.timeout / 1e6,
      checksum: await digestOf(script),
      outputFile,
    };
  },

  reserve: reservePlace,

  async create(_key, { workload, target, daemon, timeoutMs, outputFile }, { address = '' }, context, { adopt, signal }) {
    const whole = target === undefined ? { ...workload, address } : beside(context.record(target), workload);
    if (adopt && !daemon) return {};
    if (!adopt) await context.files.write(outputFile, '', 0o600);
    if (daemon) {
      const hosted = await context.workloads.start(whole, { adopt });
      return { output: {}, exit_code: 0, pid: (await hosted.programPid()) ?? 0 };
    }
    try {
      await context.workloads.runOnce(whole, { timeoutMs, signal });
      return { output: parseExecOutput((await context.files.read(outputFile)) ?? ''), exit_code: 0, pid: 0 };
    } finally {
      await context.files.remove(outputFile);
    }
  },

  guards: (_key, { workload, daemon }, _reserved, { workloads }) =>
    daemon ? [{ name: `${workload.name}: started`, wait: (signal) => workloads.get(workload.id)?.ready(signal) ?? Promise.resolve() }] : [],
  names: (spec) => spec.aliases,
  fixedAddresses: fixedIn,

  async destroy(_key, { workload, outputFile }, reserved, context) {
    await context.workloads.stop(workload.id);
    await removeScratch(workload, context.workloads);
    await context.files.remove(outputFile);
    if (reserved?.address !== undefined) await context.release([reserved.address]);
  },

  healthy: ({ workload, daemon }, _reserved, context) => !daemon || isHealthy([{ ...workload, address: '' }], context),
});

function checkPlace({ image, target, network, volume }: Config, context: LowerContext): void {
  const unused = (name: 'image' | 'network' | 'volume', why: string): void =>
    context.report(warningAt(context.at(name), `"${name}" is not used: ${why}`));
  if (image && target !== undefined) unused('image', `the script runs beside ${target}`);
  else if (image) checkImage(image.name, context);
  if (network && target !== undefined) unused('network', `the script has the address of ${target}`);
  else if (network && !image) unused('network', 'without an image or a target the script runs on this machine');
  if (volume && !image && target === undefined) unused('volume', 'on this machine the script finds the files where they are');
}

/** A folder of this machine; something that it comes after may still make it. */
async function ownFolder(written: string | undefined, context: LowerContext): Promise<string> {
  if (written === undefined) return dirname(context.resolvePath('x'));
  const folder = isAbsolute(written) ? written : context.resolvePath(written);
  if (await context.list(folder)) return folder;
  const place = context.at('working_directory');
  const summary = `folder ${JSON.stringify(written)} does not exist`;
  const maker = context.after().find((key) => /^(exec|copy|template|container)/.test(key));
  if (maker !== undefined) context.report(warningAt(place, summary, { detail: `unless ${maker} makes it, the script can not start` }));
  else context.report(errorAt(place, summary, { detail: 'paths are relative to the file that they stand in' }));
  return folder;
}
