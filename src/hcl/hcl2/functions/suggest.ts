// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { didYouMean } from '../../../base/suggest.ts';

/** Functions of Terraform that are called otherwise here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  length: 'write len(value)',
  strlen: 'write len(text)',
  lookup: 'write element(object, key)',
  fileexists: 'write exists(path)',
  tostring: 'write "${value}"',
  tonumber: 'a text that reads as a number counts as one where a number is needed',
  tobool: 'the texts "true" and "false" count as bools where a bool is needed',
  tolist: 'leave it out: a list is a list',
  toset: 'write setunion(list, [])',
  tomap: 'leave it out: an object is an object',
  replace: 'write join("new", split("old", text))',
};

/** What to write in the place of an unknown function: the nearest name, or those with the same first letter. */
export function suggestFunction(name: string, known: readonly string[]): { readonly hint?: string } {
  if (Object.hasOwn(ELSEWHERE, name)) return { hint: ELSEWHERE[name]! };
  const guess = didYouMean(name, known);
  if (guess.hint !== undefined) return guess;
  const alike = known.filter((other) => other[0] === name[0]).toSorted();
  return alike.length === 0 ? {} : { hint: `known with ${name[0]}: ${alike.join(', ')}` };
}
