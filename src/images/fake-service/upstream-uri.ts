import type { EnvironmentReader } from './environment.ts';
import type { GrpcTarget } from './grpc/client.ts';

export type Upstream = HttpUpstream | GrpcUpstream;

export interface HttpUpstream {
  readonly type: 'HTTP';
  /** As the author wrote it: what responses show and the Host header says. */
  readonly uri: string;
  /** What is dialled. */
  readonly target: URL;
}

export interface GrpcUpstream {
  readonly type: 'gRPC';
  readonly uri: string;
  readonly target: GrpcTarget;
}

/**
 * UPSTREAM_URIS; `http://` and `https://` are HTTP, anything else is gRPC, with `grpc://` in front or not. What was rewritten
 * to what can be dialled has its author's form in MESH_ORIGINAL_UPSTREAM_URIS.
 */
export function readUpstreams(read: EnvironmentReader): Upstream[] {
  const targets = read.list('UPSTREAM_URIS');
  const uris = read.optional('MESH_ORIGINAL_UPSTREAM_URIS') === undefined ? targets : read.list('MESH_ORIGINAL_UPSTREAM_URIS');
  if (uris.length !== targets.length) {
    read.errors.push(`MESH_ORIGINAL_UPSTREAM_URIS has ${uris.length} URIs, expected ${targets.length}, as many as UPSTREAM_URIS`);
    return [];
  }
  return uris.flatMap((uri, index): Upstream[] => {
    const text = targets[index]!;
    const isHttp = /^https?:\/\//.test(text);
    if (isHttp && URL.canParse(text)) return [{ type: 'HTTP', uri, target: new URL(text) }];
    const target = isHttp ? undefined : grpcTarget(text, uri);
    if (target) return [{ type: 'gRPC', uri, target }];
    const examples = 'like http://127.0.0.1:9091 or grpc://127.0.0.1:9091';
    read.errors.push(`UPSTREAM_URIS has ${JSON.stringify(text)}, expected URIs ${examples}, separated by commas`);
    return [];
  });
}

function grpcTarget(text: string, uri: string): GrpcTarget | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:/[\]\s]+)):(\d{1,5})$/.exec(withoutScheme(text));
  const port = Number(match?.[3]);
  if (!match || port > 65_535) return undefined;
  return { host: (match[1] ?? match[2])!, port, authority: withoutScheme(uri) };
}

const withoutScheme = (uri: string): string => uri.replace(/^grpc:\/\//, '').replace(/\/$/, '');
