import { bool, type Decoded, object, optional, string, withDefault } from '../../schema/schema.ts';
import { type Problem, problem } from '../problem.ts';
import { tlsParameters, tlsProblem } from '../tls-parameters.ts';

export const sds = object({
  ClusterName: optional(string(), 'Cluster of Envoy that serves certificates.'),
  CertResource: optional(string(), 'Which of its certificates.'),
});

/** TLS of a gateway, or of one listener. */
export const gatewayTls = object({
  Enabled: withDefault(bool(), false, 'Speak TLS to callers.'),
  SDS: optional(sds, 'Certificates of a server of secrets.'),
  ...tlsParameters,
});

/** TLS of one service behind a gateway: it cannot be switched off alone. */
export const serviceTls = object({ SDS: optional(sds, 'Certificates of a server of secrets.') });

type GatewayTls = Decoded<typeof gatewayTls>;

export function validateGatewayTls(tls: GatewayTls | undefined, path: string): Problem[] {
  const wrong = tls && tlsProblem(tls.TLSMinVersion, tls.TLSMaxVersion, tls.CipherSuites);
  if (!wrong) return [];
  const field = { min: 'TLSMinVersion', max: 'TLSMaxVersion', suites: 'CipherSuites' }[wrong.field];
  return [problem('alone', `${path}.${field}`, wrong.text)];
}
