import { shellWord } from '../base/shell-word.ts';
import type { BlueprintRef } from './graph.ts';

/** What to type for a blueprint that is applied: its name, or its folder if another one has the same name. */
export function appliedName({ id, name }: Pick<BlueprintRef, 'id' | 'name'>, applied: Iterable<Pick<BlueprintRef, 'id' | 'name'>>): string {
  const namesake = [...applied].some((other) => other.name === name && other.id !== id);
  return shellWord(namesake ? id : name);
}
