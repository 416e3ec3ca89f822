import type { RequestNormalization } from '../compile/proxy-config.ts';
import { isPlainPath, normalizePath, type SentPathOptions, sentPath } from './path.ts';
import type { MatchedRequest } from './request.ts';

const ESCAPED_SLASH = /%2f|%5c/i;

/** What is answered to a request that is not clean. */
export interface Unclean {
  readonly status: 307 | 400;
  readonly reason: string;
  readonly fields?: readonly (readonly [string, string])[];
}

export interface Cleaning extends RequestNormalization {
  readonly path: SentPathOptions;
}

export function readyCleaning(given: RequestNormalization = {}): Cleaning {
  return { ...given, path: { decodeSlashes: given.escapedSlashes === 'decode', mergeSlashes: given.mergeSlashes === true } };
}

/** The request as rules see it and as the application gets it: itself, if nothing of it has to change. */
export function cleanRequest<R extends MatchedRequest>(head: R, cleaning: Cleaning): R | Unclean {
  const underscored = cleaning.underscores && fieldsWithUnderscores(head);
  if (!underscored && isPlainPath(head.path)) return head;
  const [first] = underscored ?? [];
  if (first !== undefined && cleaning.underscores === 'reject') {
    return { status: 400, reason: `HeadersWithUnderscoresAction refuses the field ${first}` };
  }
  const refusal = cleaning.escapedSlashes && judgeSlashes(head, cleaning.escapedSlashes);
  if (refusal) return refusal;
  const path = cleaning.keepPaths ? head.path : sentPath(head.path, cleaning.path);
  if (path === head.path && first === undefined) return head;
  const target = path + head.target.slice(head.path.length);
  return { ...head, path, target, fields: first === undefined ? head.fields : withoutFields(head, underscored!) };
}

function judgeSlashes(head: MatchedRequest, action: NonNullable<RequestNormalization['escapedSlashes']>): Unclean | undefined {
  if (action === 'decode' || !ESCAPED_SLASH.test(head.path)) return undefined;
  const reason = `PathWithEscapedSlashesAction ${action === 'reject' ? 'refuses' : 'redirects'} a path with an escaped slash`;
  if (action === 'reject') return { status: 400, reason };
  // In normal form it begins with one slash: with two it would lead to another host.
  const location = normalizePath(head.path) + head.target.slice(head.path.length);
  return { status: 307, reason, fields: [['Location', location]] };
}

/** Names in lower case. */
export function fieldsWithUnderscores({ fields: { list } }: MatchedRequest): string[] {
  return list.filter((name, i) => i % 2 === 0 && name.includes('_')).map((name) => name.toLowerCase());
}

function withoutFields<R extends MatchedRequest>({ fields }: R, names: readonly string[]): R['fields'] {
  const { list } = fields;
  return { ...fields, list: list.filter((_, i) => !names.includes(list[i - (i % 2)]!.toLowerCase())) };
}
