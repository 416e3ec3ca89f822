import { errorAt } from '../../base/diagnostic.ts';
import { type BuiltinImage, builtinImage, unresolvedImageHint } from '../../images/builtin.ts';
import { LEAVE_OUT } from '../leave-out.ts';
import type { LowerContext } from '../resource-type.ts';

/** The built-in image that a block runs. Reports one that is not built in. */
export function lowerImage(name: string, context: LowerContext): BuiltinImage | undefined {
  const image = builtinImage(name);
  if (image) return image;
  const more = { detail: LEAVE_OUT, hint: unresolvedImageHint(name) };
  context.report(errorAt(context.at('image.name'), `image ${JSON.stringify(name)} can't run here`, more));
  return undefined;
}
