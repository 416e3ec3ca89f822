/** One call, as the page draws it. */
export interface CallNode {
  readonly name: string;
  readonly uri: string;
  /** `HTTP` or `gRPC`; empty when nothing that answered said so. */
  readonly type: string;
  readonly duration: string;
  readonly code: number;
  readonly failed: boolean;
  readonly error: string;
  readonly addresses: readonly string[];
  /** A text as it is, anything else as JSON. */
  readonly body: string;
  readonly calls: readonly CallNode[];
}

/**
 * The tree of calls in a response of any release: `upstream_calls` is an array or an object by URI. Anything that isn't
 * there or of another type is empty. Runs in the page too, from its own text, and so refers to nothing outside of itself.
 */
export function callTree(response: unknown, uri = ''): CallNode {
  const fields: Record<string, unknown> = typeof response === 'object' && response !== null ? (response as Record<string, unknown>) : {};
  const text = (key: string): string => (typeof fields[key] === 'string' ? (fields[key] as string) : '');
  const code = typeof fields['code'] === 'number' ? fields['code'] : 0;
  const type = text('type');
  const error = text('error');
  const calls = fields['upstream_calls'];
  const body = fields['body'];
  const addresses = fields['ip_addresses'];
  const children: [uri: string, call: unknown][] = Array.isArray(calls)
    ? calls.map((call) => ['', call])
    : typeof calls === 'object' && calls !== null
      ? Object.entries(calls)
      : [];
  const isSuccess = (code >= 200 && code < 300) || (type === 'gRPC' && code === 0);
  return {
    name: text('name'),
    uri: text('uri') || uri,
    type,
    duration: text('duration'),
    code,
    failed: error !== '' || !isSuccess,
    error,
    addresses: Array.isArray(addresses) ? addresses.map(String) : [],
    body: body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2),
    calls: children.map(([key, call]) => callTree(call, key)),
  };
}
