/** Gateways that the data plane serves; those between meshes are not among them. */
export const GATEWAY_KINDS = ['ingress-gateway', 'terminating-gateway', 'api-gateway'] as const;
export type GatewayKind = (typeof GATEWAY_KINDS)[number];

export const isGatewayKind = (kind: string): kind is GatewayKind => (GATEWAY_KINDS as readonly string[]).includes(kind);
