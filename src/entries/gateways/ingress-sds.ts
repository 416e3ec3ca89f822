import type { IngressGateway, IngressListener } from './ingress-gateway.ts';
import type { IngressService } from './ingress-service.ts';

/**
 * What is wrong with where the certificates of a service come from, in Consul's words: the cluster may be named by the
 * gateway, the listener or the service, and each of them may name the certificate.
 */
export function validateSds(entry: IngressGateway, listener: IngressListener, service: IngressService): [field: string, text: string][] {
  const [gateway, own] = [entry.TLS.SDS ?? {}, service.TLS?.SDS ?? {}];
  const { ClusterName: cluster, CertResource: certificate } = listener.TLS?.SDS ?? {};
  const port = `(listener on port ${listener.Port})`;
  const of = `(service ${JSON.stringify(service.Name)} on listener on port ${listener.Port})`;
  const noCluster = 'TLS.SDS.ClusterName is required if CertResource is set';
  const noCertificate = 'TLS.SDS.CertResource is required if ClusterName is set for';
  const wrong: [string, string][] = [];
  if (gateway.CertResource && !gateway.ClusterName) wrong.push(['', noCluster]);
  if (gateway.ClusterName && !gateway.CertResource && !certificate) wrong.push(['', `${noCertificate} gateway ${port}`]);
  if (cluster && !certificate) wrong.push(['', `${noCertificate} listener ${port}`]);
  if (certificate && !cluster && !gateway.ClusterName) wrong.push(['', `${noCluster} ${port}`]);
  if (own.CertResource && (service.Hosts ?? []).length === 0) {
    wrong.push(['TLS', `A service specifying TLS.SDS.CertResource must have at least one item in Hosts ${of}`]);
  }
  if (own.CertResource && !own.ClusterName && !cluster && !gateway.ClusterName) wrong.push(['TLS', `${noCluster} ${of}`]);
  return wrong;
}
