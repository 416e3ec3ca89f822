import type { RequestNormalization } from '../../compile/proxy-config.ts';
import type { Refusal } from '../http/respond.ts';
import type { Fields } from '../http1/fields.ts';
import type { RequestHead } from '../http1/request.ts';
import { isPlainPath, normalizePath, type SentPathOptions, sentPath } from '../outbound/path.ts';

const ESCAPED_SLASH = /%2f|%5c/i;

export interface Cleaning extends RequestNormalization {
  readonly path: SentPathOptions;
}

export function readyCleaning(given: RequestNormalization = {}): Cleaning {
  return { ...given, path: { decodeSlashes: given.escapedSlashes === 'decode', mergeSlashes: given.mergeSlashes === true } };
}

/** The request as rules see it and as the application gets it: itself, if nothing of it has to change. */
export function cleanRequest(head: RequestHead, cleaning: Cleaning): RequestHead | Refusal {
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

function judgeSlashes(head: RequestHead, action: NonNullable<RequestNormalization['escapedSlashes']>): Refusal | undefined {
  if (action === 'decode' || !ESCAPED_SLASH.test(head.path)) return undefined;
  const reason = `PathWithEscapedSlashesAction ${action === 'reject' ? 'refuses' : 'redirects'} a path with an escaped slash`;
  if (action === 'reject') return { status: 400, reason };
  // In normal form it begins with one slash: with two it would lead to another host.
  const location = normalizePath(head.path) + head.target.slice(head.path.length);
  return { status: 307, reason, fields: [['Location', location]] };
}

/** Names in lower case. */
export function fieldsWithUnderscores({ fields: { list } }: RequestHead): string[] {
  return list.filter((name, i) => i % 2 === 0 && name.includes('_')).map((name) => name.toLowerCase());
}

function withoutFields({ fields: { list, known } }: RequestHead, names: readonly string[]): Fields {
  return { list: list.filter((_, i) => !names.includes(list[i - (i % 2)]!.toLowerCase())), known };
}
