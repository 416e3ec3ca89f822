import { bool, int, list, string, withDefault } from './schema.ts';

/** Fields of Go's structs: what is left out is zero. */
export const text = (doc: string) => withDefault(string(), '', doc);
export const texts = (doc: string) => withDefault(list(string()), [], doc);
export const number = (doc: string) => withDefault(int(), 0, doc);
export const flag = (doc: string) => withDefault(bool(), false, doc);
