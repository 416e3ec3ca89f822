import { X509Certificate } from 'node:crypto';

/** What one end gives to the other, out of band: Consul's fields. Secret. */
export interface PeeringToken {
  readonly CA: readonly string[] | null;
  readonly ManualServerAddresses: readonly string[] | null;
  readonly ServerAddresses: readonly string[] | null;
  readonly ServerName: string;
  readonly PeerID: string;
  readonly EstablishmentSecret: string;
  readonly Remote: { readonly Partition: string; readonly Datacenter: string };
}

export const encodeToken = (token: PeeringToken): string => Buffer.from(JSON.stringify(token)).toString('base64');

export type DecodedToken = { readonly ok: true; readonly token: PeeringToken } | { readonly ok: false; readonly error: string };

/** Reads a token, and says what is wrong with it in Consul's words: never the token itself. */
export function decodeToken(text: string): DecodedToken {
  const token = parse(text);
  if (!token) return { ok: false, error: 'failed to decode peering token: it is no base64 of JSON' };
  const error = tokenProblem(token);
  return error === undefined ? { ok: true, token } : { ok: false, error };
}

/** Those that the user has named are stronger. */
export const addressesOf = ({ ManualServerAddresses, ServerAddresses }: PeeringToken): readonly string[] =>
  (ManualServerAddresses ?? []).length > 0 ? ManualServerAddresses! : (ServerAddresses ?? []);

function tokenProblem(token: PeeringToken): string | undefined {
  for (const pem of token.CA ?? []) if (!isCertificate(pem)) return 'peering token CA value is invalid';
  const addresses = addressesOf(token);
  if (addresses.length === 0) return 'peering token server addresses value is empty';
  const wrong = addresses.find((address) => !isAddress(address));
  if (wrong !== undefined) return `${wrong} is not a valid peering server address`;
  if ((token.CA ?? []).length > 0 && token.ServerName === '') return 'peering token server name value is empty';
  return token.PeerID === '' ? 'peering token peer ID value is empty' : undefined;
}

function parse(text: string): PeeringToken | undefined {
  try {
    const given: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
    const from = given as Readonly<Record<string, unknown>>;
    const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
    const textsOf = (value: unknown): string[] | null => (Array.isArray(value) ? value.map(textOf) : null);
    const remote = (typeof from['Remote'] === 'object' && from['Remote'] !== null ? from['Remote'] : {}) as Readonly<
      Record<string, unknown>
    >;
    return {
      CA: textsOf(from['CA']),
      ManualServerAddresses: textsOf(from['ManualServerAddresses']),
      ServerAddresses: textsOf(from['ServerAddresses']),
      ServerName: textOf(from['ServerName']),
      PeerID: textOf(from['PeerID']),
      EstablishmentSecret: textOf(from['EstablishmentSecret']),
      Remote: { Partition: textOf(remote['Partition']), Datacenter: textOf(remote['Datacenter']) },
    };
  } catch {
    return undefined;
  }
}

export function isAddress(text: string): boolean {
  const port = Number(/^(?:\[[0-9a-fA-F:.]+\]|[^:\s]+):(\d{1,5})$/.exec(text)?.[1]);
  return port >= 1 && port <= 65535;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
