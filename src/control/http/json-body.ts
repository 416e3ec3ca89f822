import { readFirstJson } from '../../hcl/json.ts';
import { decodeGoJson } from '../../schema/go-json.ts';
import { type Decoded, goType, type Schema } from '../../schema/schema.ts';
import { HttpError } from './answer.ts';

export interface JsonBodyOptions {
  /** What Go calls the type of the whole body, for errors: `structs.RegisterRequest`. The schema's own name by default. */
  readonly struct?: string;
  /** Stands before what Go says. Endpoints of Consul differ: `Request decode failed: ` (default), `Failed to parse body: `, … */
  readonly prefix?: string;
  /** 400 by default; intentions have 500. */
  readonly status?: number;
  /** Keys that are no field are refused, unless the endpoint ignores them (sessions do). */
  readonly unknown?: 'refuse' | 'ignore';
  /** An empty body is refused as `EOF`, or is the same as `{}`. */
  readonly empty?: 'refuse' | 'allow';
}

/**
 * Decodes the body of a request as Consul's endpoints do, which is as Go's encoding/json does: see `decodeGoJson`. Throws the
 * HttpError that Consul answers. Only the first JSON value counts, whatever stands behind it.
 */
export function readJsonBody<S extends Schema>(request: { readonly body: string }, schema: S, options: JsonBodyOptions = {}): Decoded<S> {
  const { struct, prefix = 'Request decode failed: ', status = 400, unknown = 'refuse', empty = 'refuse' } = options;
  const text = empty === 'allow' && request.body === '' ? '{}' : request.body;
  const { value, goError } = readFirstJson({ name: 'request body', text });
  if (!value) throw new HttpError(status, `${prefix}${goError}`);
  const decoded = decodeGoJson(value, struct === undefined ? schema : goType(struct, schema), { unknown });
  if (!decoded.ok) throw new HttpError(status, `${prefix}${decoded.error}`);
  return decoded.value;
}
