import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import { selectFrom } from '../applied.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import { applied } from './applied.ts';
import { notRunning, selectionOf } from './destroy.ts';

/**
 * Ids of the applied blueprints whose place another one takes. What is not applied has been replaced already: that is no
 * error, but said on a line, since it may be mistyped.
 */
export async function replacedBy(
  blueprint: LocatedBlueprint,
  replaced: readonly string[],
  { home, io, line }: { home: Home; io: Io; line: (text: string) => void },
): Promise<string[]> {
  const { blueprints } = await applied(home);
  const ids: string[] = [];
  for (const argument of replaced) {
    const selection = await selectionOf(argument, io);
    const found = selectFrom(selection, blueprints);
    const itself = found.length === 0 ? selection.ids.includes(blueprint.id) : found.some(({ id }) => id === blueprint.id);
    if (itself) {
      throw new MeshError('usage', `--replace ${argument}: a blueprint can't replace itself`, {
        hint: `\`mesh run ${shellWord(argument)}\` alone applies what has changed in its files`,
      });
    }
    ids.push(...found.map(({ id }) => id));
    if (found.length > 0) continue;
    const others = blueprints.filter(({ id }) => id !== blueprint.id).map(({ name }) => name);
    line(await notRunning(argument, 'there is nothing to replace', others, io));
  }
  return ids;
}
