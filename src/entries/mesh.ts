import { bool, type Decoded, list, object, optional, string, withDefault } from '../schema/schema.ts';
import { canonicalEntry } from './canonical.ts';
import type { EntryBase, EntryKind } from './kind.ts';
import { validateMeta } from './meta.ts';
import { type Problem, problem } from './problem.ts';
import { tlsParameters, tlsProblem } from './tls-parameters.ts';

const direction = object({ ...tlsParameters, ECDHCurves: optional(list(string()), 'Curves for the exchange of keys.') });

const normalization = object({
  InsecureDisablePathNormalization: withDefault(bool(), false, 'Leave paths as they are, ".." included.'),
  MergeSlashes: withDefault(bool(), false, 'Several slashes in a row are one.'),
  PathWithEscapedSlashesAction: withDefault(string(), '', 'What happens to a path with %2F in it.'),
  HeadersWithUnderscoresAction: withDefault(string(), '', 'What happens to a request with a header such as a_b.'),
});

const schema = object({
  TransparentProxy: withDefault(
    object({ MeshDestinationsOnly: withDefault(bool(), false, 'Sidecars in transparent mode reach nothing outside the mesh.') }),
    { MeshDestinationsOnly: false },
    'Settings of the transparent mode.',
  ),
  AllowEnablingPermissiveMutualTLS: optional(bool(), 'MutualTLSMode may be permissive.'),
  ValidateClusters: optional(bool(), 'Refuse routes to clusters that do not exist.'),
  TLS: optional(
    object({
      Incoming: optional(direction, 'Of connections to a sidecar.'),
      Outgoing: optional(direction, 'Of connections of a sidecar.'),
    }),
    'What sidecars offer in TLS.',
  ),
  HTTP: optional(
    object({
      SanitizeXForwardedClientCert: withDefault(bool(), false, 'Drop the header x-forwarded-client-cert of callers.'),
      Incoming: optional(
        object({ RequestNormalization: optional(normalization, 'How paths and headers are cleaned up.') }),
        'Of requests to a sidecar.',
      ),
    }),
    'How sidecars speak HTTP.',
  ),
  Peering: optional(
    object({ PeerThroughMeshGateways: withDefault(bool(), false, 'Servers of peers are called through mesh gateways.') }),
    'How peers reach each other.',
  ),
});

export type Mesh = EntryBase & Decoded<typeof schema>;

/** Settings of the whole mesh. There is one, and Consul gives it no name of its own. */
export const mesh: EntryKind<Mesh> = {
  kind: 'mesh',
  schema,
  normalize: (entry) => canonicalEntry({ ...entry, Name: 'mesh' }, schema),
  validate: (entry) => [
    ...validateMeta(entry),
    ...validateDirection(entry, 'Incoming'),
    ...validateDirection(entry, 'Outgoing'),
    ...validateNormalization(entry),
  ],
  references: () => [],
  warnings: (entry) =>
    entry.AllowEnablingPermissiveMutualTLS
      ? ['AllowEnablingPermissiveMutualTLS=true allows insecure MutualTLSMode=permissive in proxy-defaults and service-defaults.']
      : [],
  fixedName: 'mesh',
};

const CURVES = ['P-256', 'P-384', 'P-521', 'X25519', 'X25519MLKEM768'];

function validateDirection(entry: Mesh, name: 'Incoming' | 'Outgoing'): Problem[] {
  const given = entry.TLS?.[name];
  if (!given) return [];
  const { TLSMinVersion: min = '', TLSMaxVersion: max, CipherSuites: suites, ECDHCurves: curves = [] } = given;
  const alone = (field: string, text: string): Problem[] => [
    problem('alone', `TLS.${name}.${field}`, `error in ${name.toLowerCase()} TLS configuration: ${text}`),
  ];
  const wrong = tlsProblem(min, max, suites);
  if (wrong) return alone({ min: 'TLSMinVersion', max: 'TLSMaxVersion', suites: 'CipherSuites' }[wrong.field], wrong.text);
  if (curves.length > 0 && (min === 'TLSv1_0' || min === 'TLSv1_1')) {
    const text = `ecdh_curves can only be configured when tls_min_version is 'TLSv1_2' or higher, TLSMinVersion is set to ${min}`;
    return alone('ECDHCurves', text);
  }
  const unknown = curves.find((curve) => !CURVES.includes(curve));
  if (unknown === undefined) return [];
  return alone('ECDHCurves', `unsupported ecdh_curve ${JSON.stringify(unknown)}; must be one of [${CURVES.join(', ')}]`);
}

const SLASHES = ['IMPLEMENTATION_SPECIFIC_DEFAULT', 'KEEP_UNCHANGED', 'REJECT_REQUEST', 'UNESCAPE_AND_REDIRECT', 'UNESCAPE_AND_FORWARD'];
const UNDERSCORES = ['ALLOW', 'REJECT_REQUEST', 'DROP_HEADER'];

function validateNormalization(entry: Mesh): Problem[] {
  const given = entry.HTTP?.Incoming?.RequestNormalization;
  for (const [field, known] of [
    ['PathWithEscapedSlashesAction', SLASHES],
    ['HeadersWithUnderscoresAction', UNDERSCORES],
  ] as const) {
    const action = given?.[field] ?? '';
    if (action === '' || known.includes(action)) continue;
    const text = `no matching ${field} value found for ${action}, please specify one of [${known.join(', ')}]`;
    const path = `HTTP.Incoming.RequestNormalization.${field}`;
    return [problem('alone', path, `error in HTTP incoming request normalization configuration: ${text}`)];
  }
  return [];
}
