/** Common names of certificates. Nothing decides on them; people read them, and other tools expect Consul's form. */

/** RFC 5280's limit for a common name. */
const MAX_LENGTH = 64;

/** `pri-<uid>.consul.ca.<first 8 of the cluster id>.consul` */
export function rootCommonName(uid: string, trustDomain: string): string {
  return `pri-${uid}.consul.ca.${shortTrustDomain(trustDomain)}`;
}

/** Consul: lower case, letters and digits only, cut so that the whole fits. `My_Svc.x` becomes `mysvcx`. */
export function leafCommonName(service: string, namespace: string, trustDomain: string): string {
  const rest = `.svc.${compact(namespace)}.${shortTrustDomain(trustDomain)}`;
  return (compact(service).slice(0, Math.max(0, MAX_LENGTH - rest.length)) + rest).slice(0, MAX_LENGTH);
}

/** Consul's forms for what is no service: `<node id>.agnt.<…>`, `dc1.mgw.<…>`, `dc1.srv.<…>`. */
export function otherCommonName(name: string, mark: 'agnt' | 'mgw' | 'srv', trustDomain: string): string {
  const rest = `.${mark}.${shortTrustDomain(trustDomain)}`;
  return (compact(name).slice(0, Math.max(0, MAX_LENGTH - rest.length)) + rest).slice(0, MAX_LENGTH);
}

function compact(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function shortTrustDomain(trustDomain: string): string {
  return `${trustDomain.split('.', 1)[0]!.slice(0, 8)}.consul`;
}
