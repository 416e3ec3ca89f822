const KINDS: Readonly<Record<string, string>> = {
  'ingress-gateway': 'ingress gateway',
  'terminating-gateway': 'terminating gateway',
  'api-gateway': 'API gateway',
  'mesh-gateway': 'mesh gateway',
  external: 'outside of the mesh',
};

/** Of a service, as people say it. */
export const kindText = (kind: string): string => KINDS[kind] ?? kind;
