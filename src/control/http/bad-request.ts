import type { Compat } from '../compatibility.ts';
import { HttpError } from './answer.ts';

/** What stands before the text of a 400: Consul 1.8 says what it is first. */
export const badRequestPrefix = ({ compat }: { readonly compat: Compat }): string => (compat === '1.8' ? 'Bad request: ' : '');

export function badRequest(mesh: { readonly compat: Compat }, text: string): HttpError {
  return new HttpError(400, `${badRequestPrefix(mesh)}${text}`);
}
