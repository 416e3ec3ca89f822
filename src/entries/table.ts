import { exportedServices } from './exported-services.ts';
import { apiGateway } from './gateways/api-gateway.ts';
import { boundApiGateway } from './gateways/bound-api-gateway.ts';
import { fileSystemCertificate } from './gateways/file-system-certificate.ts';
import { httpRoute } from './gateways/http-route.ts';
import { ingressGateway } from './gateways/ingress-gateway.ts';
import { inlineCertificate } from './gateways/inline-certificate.ts';
import { tcpRoute } from './gateways/tcp-route.ts';
import { terminatingGateway } from './gateways/terminating-gateway.ts';
import { jwtProvider } from './jwt-provider.ts';
import type { EntryKind } from './kind.ts';
import { mesh } from './mesh.ts';
import { proxyDefaults } from './proxy-defaults.ts';
import { samenessGroup } from './sameness-group.ts';
import { serviceDefaults } from './service-defaults.ts';
import { serviceIntentions } from './service-intentions.ts';
import { serviceResolver } from './service-resolver.ts';
import { serviceRouter } from './service-router.ts';
import { serviceSplitter } from './service-splitter.ts';

/** Every kind of config entry. To add one: a file beside this one, and a row. */
export const ENTRY_KINDS: readonly EntryKind[] = [
  serviceDefaults,
  proxyDefaults,
  serviceRouter,
  serviceSplitter,
  serviceResolver,
  ingressGateway,
  terminatingGateway,
  serviceIntentions,
  mesh,
  exportedServices,
  samenessGroup,
  apiGateway,
  boundApiGateway,
  httpRoute,
  tcpRoute,
  fileSystemCertificate,
  inlineCertificate,
  jwtProvider,
];

/** Kinds of Consul Enterprise: its community edition does not know them when they are written, and lists none. */
const ENTERPRISE_KINDS: readonly string[] = ['control-plane-request-limit'];

export function entryKind(kind: string): EntryKind | undefined {
  return ENTRY_KINDS.find((row) => row.kind === kind);
}

/** Whether Consul knows this word at all: such a kind can be listed (it is empty), if not always written. */
export function isKnownKind(kind: string): boolean {
  return entryKind(kind) !== undefined || ENTERPRISE_KINDS.includes(kind);
}

/** Kinds that can be written. */
export const allKindNames = (): string[] => ENTRY_KINDS.filter((row) => row.readOnly === undefined).map((row) => row.kind);

/** Why there is no such kind, in Consul's words; undefined when there is. */
export function kindError(kind: string): string | undefined {
  return entryKind(kind) ? undefined : `invalid config entry kind: ${kind}`;
}
