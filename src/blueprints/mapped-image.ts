import { warningAt } from '../base/diagnostic.ts';
import type { Workload } from '../base/workload.ts';
import { builtinImage, unresolvedImageHint } from '../images/builtin.ts';
import { type ImageMapping, mappingOf } from './image-mapping.ts';
import type { LowerContext } from './resource-type.ts';

type Bare = Omit<Workload, 'address'>;

/** The local program that stands for an image. What is built in needs none. */
export const mappingFor = (image: string, images: readonly ImageMapping[]): ImageMapping | undefined =>
  image === '' || builtinImage(image) ? undefined : mappingOf(image, images);

/** Why an image can't run here, and which mapping would let it; undefined if it can. */
export const imageTrouble = (image: string, images: readonly ImageMapping[]): string | undefined =>
  builtinImage(image) || mappingOf(image, images) ? undefined : unresolvedImageHint(image);

/**
 * A workload as the program runs that stands for its image: whole, in its own folder, with the environment, the volumes, the
 * ports and the address of the workload. Its `entrypoint` and `command` name programs of the image, and are not used.
 */
export function runMapped<W extends Bare>(workload: W, images: readonly ImageMapping[]): W {
  const mapping = mappingFor(workload.image, images);
  if (!mapping) return workload;
  const { entrypoint: _, command: __, cwd: ___, ...rest } = workload;
  const own = mapping.ports.filter((port) => !workload.ports.some((known) => known.port === port));
  const ports = [...workload.ports, ...own.map((port) => ({ port }))];
  const serves = mapping.ports[0] ?? ports[0]?.port;
  return {
    ...rest,
    mapped: true,
    command: mapping.command,
    cwd: mapping.workingDirectory,
    env: { ...mapping.env, ...workload.env },
    ports,
    ...(serves === undefined ? {} : { serves }),
  } as unknown as W;
}

/** Says of a workload that its own command has no part in what runs. */
export function warnOfUnusedCommand(
  { image, entrypoint = [], command = [] }: Pick<Bare, 'image' | 'entrypoint' | 'command'>,
  at: string,
  context: LowerContext,
): void {
  const mapping = mappingFor(image, context.images);
  const words = [...entrypoint, ...command];
  if (!mapping || words.length === 0) return;
  const detail = `a configuration file lets ${JSON.stringify(mapping.command.join(' '))} stand for ${image}: arguments belong there`;
  context.report(warningAt(context.at(at), `${JSON.stringify(words.join(' '))} is not run`, { detail }));
}
