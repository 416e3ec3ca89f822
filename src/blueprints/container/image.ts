import { errorAt } from '../../base/diagnostic.ts';
import { type BuiltinImage, builtinImage } from '../../images/builtin.ts';
import { LEAVE_OUT } from '../leave-out.ts';
import { imageTrouble } from '../mapped-image.ts';
import type { LowerContext } from '../resource-type.ts';

/** The built-in image that a block runs. Reports one that is not built in, and that no local program stands for. */
export function lowerImage(name: string, context: LowerContext): BuiltinImage | undefined {
  const image = builtinImage(name);
  const hint = imageTrouble(name, context.images);
  if (hint === undefined) return image;
  const more = { detail: LEAVE_OUT, hint };
  context.report(errorAt(context.at('image.name'), `image ${JSON.stringify(name)} can't run here`, more));
  return undefined;
}
