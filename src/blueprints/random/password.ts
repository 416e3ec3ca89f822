import { shuffled } from '../../base/shuffled.ts';

/** What a password is made of, and how many of each it has at least. */
export interface Alphabet {
  /** As its attribute is called: `numeric`. */
  readonly name: string;
  readonly characters: string;
  readonly minimum: number;
}

export const NUMERIC = '0123456789';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** Jumppad's. */
export const SPECIAL = '!@#$%&*()-_=+[]{}<>:?';

/** Every character is chosen evenly among all that may stand there. `length` is at least the sum of the minima. */
export async function choosePassword(length: number, alphabets: readonly Alphabet[]): Promise<string> {
  // Few blueprints need it, and it is slow to load.
  const { randomInt } = await import('node:crypto');
  const all = alphabets.map(({ characters }) => characters).join('');
  const characters = alphabets.flatMap((alphabet) => Array.from({ length: alphabet.minimum }, () => oneOf(alphabet.characters, randomInt)));
  while (characters.length < length) characters.push(oneOf(all, randomInt));
  return shuffled(characters, randomInt).join('');
}

type Below = (end: number) => number;

const oneOf = (characters: string, below: Below): string => characters[below(characters.length)]!;
