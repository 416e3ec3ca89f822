import { COLLECTIONS } from './collections.ts';
import type { LanguageFunction } from './define.ts';
import { ENCODING } from './encoding.ts';
import { FORMAT } from './format.ts';
import { NUMBERS } from './numbers.ts';
import { REGEX } from './regex.ts';
import { SETS } from './sets.ts';
import { STRINGS } from './strings.ts';
import { TIME } from './time.ts';

export type { FunctionTable, LanguageFunction } from './define.ts';
export { define } from './define.ts';

/** The functions that need nothing but their arguments, under the headings of the reference page. */
export const PURE_TABLES = {
  Strings: { ...STRINGS, ...FORMAT, ...REGEX },
  Numbers: NUMBERS,
  'Lists and objects': COLLECTIONS,
  Sets: SETS,
  Encoding: ENCODING,
  Time: TIME,
} as const;

export const PURE_FUNCTIONS: ReadonlyMap<string, LanguageFunction> = new Map(
  Object.values(PURE_TABLES).flatMap((table) => Object.entries<LanguageFunction>(table)),
);
