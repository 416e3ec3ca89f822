import { X509Certificate } from 'node:crypto';
import { messageOf } from '../../../base/errors.ts';
import { string, struct } from '../../../filter/shape.ts';
import { MethodConfig } from './config.ts';
import { fetchJson } from './fetch-json.ts';
import type { Identity, Validator } from './validator.ts';

/** Consul: it stands in place of the name of the service account. */
const SERVICE_NAME = 'consul.hashicorp.com/service-name';

/** Tokens of service accounts, which the API server of a cluster is asked about (TokenReview). */
export function kubernetesValidator(given: Readonly<Record<string, unknown>>): Validator {
  const config = new MethodConfig(given, ['Host', 'CACert', 'ServiceAccountJWT']);
  const [host, ca, jwt] = [config.text('Host'), config.text('CACert'), config.text('ServiceAccountJWT')];
  if (host === '') throw new Error('Config.Host is required');
  if (ca === '') throw new Error('Config.CACert is required');
  if (!isCertificate(ca)) throw new Error('error parsing kube ca cert: data does not contain any valid RSA or ECDSA certificates');
  if (jwt === '') throw new Error('Config.ServiceAccountJWT is required');
  if (jwt.split('.').length !== 3)
    throw new Error('Config.ServiceAccountJWT is not a valid JWT: square/go-jose: compact JWS format must have three parts');
  const ask = (path: string, body?: object): Promise<unknown> =>
    fetchJson({ url: `${host.replace(/\/$/, '')}${path}`, ca, headers: { Authorization: `Bearer ${jwt}` }, ...(body ? { body } : {}) });
  return {
    shape: struct({ serviceaccount: struct({ namespace: string, name: string, uid: string }) }),
    names: ['serviceaccount.namespace', 'serviceaccount.name', 'serviceaccount.uid'],
    validate: async (token) => {
      if (token === '') throw new Error('lookup failed: no token provided');
      const account = await review(token, ask);
      return identityOf({ ...account, name: (await serviceName(account, ask)) ?? account.name });
    },
  };
}

type Ask = (path: string, body?: object) => Promise<unknown>;

interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

async function review(token: string, ask: Ask): Promise<Account> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const answer = await ask('/apis/authentication.k8s.io/v1/tokenreviews', body).catch((error: unknown) => {
    throw new Error(`lookup failed: ${messageOf(error)}`);
  });
  const { status } = answer as { status?: { error?: string; authenticated?: boolean; user?: { username?: string; uid?: string } } };
  if (status?.error) throw new Error(`lookup failed: ${status.error}`);
  if (status?.authenticated !== true) throw new Error('lookup failed: service account jwt not valid');
  // system:serviceaccount:<namespace>:<name>
  const parts = (status.user?.username ?? '').split(':');
  if (parts.length !== 4) throw new Error('lookup failed: unexpected username format');
  if (parts[0] !== 'system' || parts[1] !== 'serviceaccount') throw new Error('lookup failed: username returned is not a service account');
  return { namespace: parts[2]!, name: parts[3]!, uid: status.user?.uid ?? '' };
}

async function serviceName({ namespace, name }: Account, ask: Ask): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}`;
  const answer = await ask(path).catch((error: unknown) => {
    throw new Error(`annotation lookup failed: ${messageOf(error)}`);
  });
  const annotations = (answer as { metadata?: { annotations?: Record<string, unknown> } }).metadata?.annotations ?? {};
  const given = Object.hasOwn(annotations, SERVICE_NAME) ? annotations[SERVICE_NAME] : undefined;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function identityOf(serviceaccount: Account): Identity {
  const values = Object.entries(serviceaccount).map(([name, value]) => [`serviceaccount.${name}`, String(value)] as const);
  return { fields: { serviceaccount }, values: new Map(values) };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}
