import { describe, expect, it } from 'vitest';
import { prepareEntry } from '../../src/entries/decode.ts';
import { entryKind } from '../../src/entries/table.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { createUserCa } from '../../src/pki/user-certificates.ts';
import { fromJson } from '../../src/schema/located.ts';
import { refused, stored } from './prepare.ts';

describe('what is kept', () => {
  it.each([
    [
      'ingress-gateway: tcp by default, hosts null where none is given',
      'kind = "ingress-gateway"\nname = "in"\nlisteners = [{ port = 9000 services { name = "db" } }, { port = 80 protocol = "HTTP" services = [{ name = "*" }] }]',
      '{"Kind":"ingress-gateway","Name":"in","TLS":{"Enabled":false},"Listeners":[{"Port":9000,"Protocol":"tcp","Services":[{"Name":"db","Hosts":null}]},{"Port":80,"Protocol":"http","Services":[{"Name":"*","Hosts":null}]}]}',
    ],
    [
      'ingress-gateway: certificates and limits',
      'Kind = "ingress-gateway"\nName = "in"\nTLS { Enabled = true TLSMinVersion = "TLSv1_2" SDS { ClusterName = "c" CertResource = "d" } }\nDefaults { MaxConnections = 3 }\nListeners { Port = 80 Protocol = "http" Services { Name = "web" Hosts = ["a.com"] TLS { SDS { CertResource = "x" } } RequestHeaders { Remove = ["x"] } MaxPendingRequests = 2 } }',
      '{"Kind":"ingress-gateway","Name":"in","TLS":{"Enabled":true,"SDS":{"ClusterName":"c","CertResource":"d"},"TLSMinVersion":"TLSv1_2"},"Listeners":[{"Port":80,"Protocol":"http","Services":[{"Name":"web","Hosts":["a.com"],"TLS":{"SDS":{"CertResource":"x"}},"RequestHeaders":{"Remove":["x"]},"MaxPendingRequests":2}]}],"Defaults":{"MaxConnections":3,"MaxPendingRequests":0,"MaxConcurrentRequests":0}}',
    ],
    [
      'terminating-gateway',
      'kind = "terminating-gateway"\nname = "out"\nservices = [{ name = "*", ca_file = "/x" }, { name = "b" sni = "b.com" disable_auto_host_rewrite = true }]',
      '{"Kind":"terminating-gateway","Name":"out","Services":[{"Name":"*","CAFile":"/x"},{"Name":"b","SNI":"b.com","DisableAutoHostRewrite":true}]}',
    ],
    [
      'mesh: without a name',
      'kind = "mesh"\nallow_enabling_permissive_mutual_tls = true\nhttp { sanitize_x_forwarded_client_cert = true }\npeering { peer_through_mesh_gateways = true }',
      '{"Kind":"mesh","TransparentProxy":{"MeshDestinationsOnly":false},"AllowEnablingPermissiveMutualTLS":true,"HTTP":{"SanitizeXForwardedClientCert":true},"Peering":{"PeerThroughMeshGateways":true}}',
    ],
    [
      'exported-services: the old name of a peer',
      'kind = "exported-services"\nname = "default"\nservices = [{ name = "web" namespace = "default" consumers = [{ peer_name = "east" }, { peer = "west" }] }]',
      '{"Kind":"exported-services","Name":"default","Services":[{"Name":"web","Consumers":[{"Peer":"east"},{"Peer":"west"}]}]}',
    ],
    [
      'api-gateway: certificates are inline by default, and nobody sets the status',
      'Kind = "api-gateway"\nName = "gw"\nListeners { Name = "a" Port = 8443 Protocol = "HTTP" TLS { Certificates = [{ Name = "c" }] } }\nStatus { Conditions = [{ Type = "Accepted" Status = "True" }] }',
      '{"Kind":"api-gateway","Name":"gw","Listeners":[{"Name":"a","Hostname":"","Port":8443,"Protocol":"http","TLS":{"Certificates":[{"Kind":"inline-certificate","Name":"c","SectionName":""}],"MaxVersion":"","MinVersion":"","CipherSuites":null}}],"Status":{"Conditions":null}}',
    ],
    [
      'api-gateway: what newer clients always write, and nulls',
      'Kind = "api-gateway"\nName = "gw"\nTLS { Enabled = false }\nDefaults { MaxConnections = 0 PassiveHealthCheck { MaxFailures = 2 Consecutive5xx = 0 } }\nExtAuthz { Enabled = true }\nListeners { Name = "a" Port = 8443 Protocol = "http" MaxRequestHeadersKB = 96 TLS { SDS { ClusterName = "c" } } }',
      '{"Kind":"api-gateway","Name":"gw","TLS":{"Enabled":false},"Defaults":{"MaxConnections":0,"PassiveHealthCheck":{"MaxFailures":2,"Consecutive5xx":0}},"ExtAuthz":{"Enabled":true},"Listeners":[{"Name":"a","Hostname":"","Port":8443,"Protocol":"http","TLS":{"Certificates":null,"SDS":{"ClusterName":"c"},"MaxVersion":"","MinVersion":"","CipherSuites":null},"MaxRequestHeadersKB":96}],"Status":{"Conditions":null}}',
    ],
    [
      'http-route: filters of external processing and authorization',
      'Kind = "http-route"\nName = "r"\nParents = [{ Name = "gw" }]\nRules { Filters { ExtProc = [{ StatPrefix = "p" Mode = "override" Overrides { Processing { Request { BodyMode = "none" MaxBodyBytes = 7 } } } }] ExtAuthz { Enabled = false } } Services = [{ Name = "web" }] }',
      '{"Kind":"http-route","Name":"r","Parents":[{"Kind":"api-gateway","Name":"gw","SectionName":""}],"Rules":[{"Filters":{"Headers":null,"URLRewrite":null,"RetryFilter":null,"TimeoutFilter":null,"ExtProc":[{"StatPrefix":"p","Mode":"override","Overrides":{"Processing":{"Request":{"BodyMode":"none","MaxBodyBytes":7}}}}],"ExtAuthz":{"Enabled":false}},"ResponseFilters":{"Headers":null},"Matches":null,"Services":[{"Name":"web","Weight":1,"Filters":{"Headers":null,"URLRewrite":null,"RetryFilter":null,"TimeoutFilter":null},"ResponseFilters":{"Headers":null}}]}],"Hostnames":null,"Status":{"Conditions":null}}',
    ],
    [
      'http-route: methods in upper case, any path, weight 1, times as numbers',
      'Kind = "http-route"\nName = "r"\nParents = [{ Name = "gw" SectionName = "a" }]\nRules { Matches = [{ Method = "get" }] Filters { TimeoutFilter { RequestTimeout = "2s" } } Services = [{ Name = "web" Weight = 0 }, { Name = "api" Weight = 9 ResponseFilters { Headers = [{ Remove = ["x"] }] } }] }',
      '{"Kind":"http-route","Name":"r","Parents":[{"Kind":"api-gateway","Name":"gw","SectionName":"a"}],"Rules":[{"Filters":{"Headers":null,"URLRewrite":null,"RetryFilter":null,"TimeoutFilter":{"RequestTimeout":2000000000,"IdleTimeout":0}},"ResponseFilters":{"Headers":null},"Matches":[{"Headers":null,"Method":"GET","Path":{"Match":"prefix","Value":"/"},"Query":null}],"Services":[{"Name":"web","Weight":1,"Filters":{"Headers":null,"URLRewrite":null,"RetryFilter":null,"TimeoutFilter":null},"ResponseFilters":{"Headers":null}},{"Name":"api","Weight":9,"Filters":{"Headers":null,"URLRewrite":null,"RetryFilter":null,"TimeoutFilter":null},"ResponseFilters":{"Headers":[{"Add":null,"Remove":["x"],"Set":null}]}}]}],"Hostnames":null,"Status":{"Conditions":null}}',
    ],
    [
      'tcp-route',
      'kind = "tcp-route"\nname = "r"\nparents = [{ name = "gw" }, { name = "gw" section_name = "b" }]\nservices = [{ name = "db" limits { max_connections = 0 } }]',
      '{"Kind":"tcp-route","Name":"r","Parents":[{"Kind":"api-gateway","Name":"gw","SectionName":""},{"Kind":"api-gateway","Name":"gw","SectionName":"b"}],"Services":[{"Name":"db","Limits":{"MaxConnections":0}}],"Status":{"Conditions":null}}',
    ],
    [
      'file-system-certificate',
      'kind = "file-system-certificate"\nname = "c"\ncertificate = "/c.pem"\nprivate_key = "/k.pem"',
      '{"Kind":"file-system-certificate","Name":"c","Certificate":"/c.pem","PrivateKey":"/k.pem"}',
    ],
    [
      'jwt-provider: the clock may be off by 30 seconds',
      'kind = "jwt-provider"\nname = "okta"\njson_web_key_set { remote { uri = "https://o/k" cache_duration = "1m" jwks_cluster { discovery_type = "EDS" connect_timeout = "1s" } } }\nforwarding { header_name = "x" }',
      '{"Kind":"jwt-provider","Name":"okta","JSONWebKeySet":{"Remote":{"URI":"https://o/k","CacheDuration":60000000000,"JWKSCluster":{"DiscoveryType":"EDS","ConnectTimeout":1000000000}}},"Forwarding":{"HeaderName":"x","PadForwardPayloadHeader":false},"ClockSkewSeconds":30}',
    ],
  ])('%s', (_, text, json) => {
    expect(stored(text)).toBe(json);
  });
});

const ingress = (listener: object, more: object = {}) => ({
  Listeners: [{ Port: 80, Protocol: 'http', Services: [{ Name: 'web', Hosts: ['a.com'] }], ...listener }],
  ...more,
});
const cert = (Certificate: string, PrivateKey: string) => ({ Certificate, PrivateKey });
const jwks = (Remote: object) => ({ JSONWebKeySet: { Remote: { URI: 'https://o/k', ...Remote } } });
const trust = (TLSCertificates: object) => jwks({ JWKSCluster: { TLSCertificates } });

describe('what is refused', () => {
  const made = createUserCa({ name: 'a.com', serial: 1n, now: 0 });
  const other = createUserCa({ name: 'a.com', serial: 2n, now: 0 });
  const unnamed = createUserCa({ name: 'a..com', serial: 3n, now: 0 });

  it.each([
    ['ingress-gateway', ingress({ Services: [] }), 'No service declared for listener with port 80'],
    ['ingress-gateway', ingress({ Services: [{}] }), 'Service name cannot be blank (listener on port 80)'],
    [
      'ingress-gateway',
      ingress({ Services: [{ Name: '*', Hosts: ['a'] }] }),
      'Associating hosts to a wildcard service is not supported (listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({ Services: [{ Name: 'a' }, { Name: 'a' }] }),
      'Service a cannot be added multiple times (listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({
        Services: [
          { Name: 'a', Hosts: ['h'] },
          { Name: 'b', Hosts: ['h'] },
        ],
      }),
      'Hosts must be unique within a specific listener (listener on port 80)',
    ],
    ['ingress-gateway', ingress({ Services: [{ Name: 'a', Hosts: ['a..b'] }] }), 'Host "a..b" must be a valid DNS hostname'],
    [
      'ingress-gateway',
      ingress({ Protocol: 'tcp', Services: [{ Name: 'a', RequestHeaders: { Remove: ['x'] } }] }),
      'request headers only valid for http, http2 and grpc protocols (service "a" on listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({ Services: [{ Name: 'a', RequestHeaders: { Set: { 'x y': '1' } } }] }),
      'RequestHeaders.Set has an invalid header name "x y" (service "a" on listener on port 80)',
    ],
    ['ingress-gateway', ingress({}, { TLS: { SDS: { CertResource: 'x' } } }), 'TLS.SDS.ClusterName is required if CertResource is set'],
    [
      'ingress-gateway',
      ingress({}, { TLS: { SDS: { ClusterName: 'x' } } }),
      'TLS.SDS.CertResource is required if ClusterName is set for gateway (listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({ TLS: { SDS: { ClusterName: 'x' } } }),
      'TLS.SDS.CertResource is required if ClusterName is set for listener (listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({ TLS: { SDS: { CertResource: 'x' } } }),
      'TLS.SDS.ClusterName is required if CertResource is set (listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({ Services: [{ Name: 'a', TLS: { SDS: { CertResource: 'x', ClusterName: 'c' } } }] }),
      'A service specifying TLS.SDS.CertResource must have at least one item in Hosts (service "a" on listener on port 80)',
    ],
    [
      'ingress-gateway',
      ingress({}, { TLS: { TLSMinVersion: 'TLSv1_3', CipherSuites: ['x'] } }),
      'configuring CipherSuites is only applicable to connections negotiated with TLS 1.2 or earlier, TLSMinVersion is set to TLSv1_3',
    ],
    [
      'ingress-gateway',
      ingress({}, { TLS: { CipherSuites: ['x', 'TLS_RSA_WITH_AES_128_CBC_SHA', 'y'] } }),
      'no matching Envoy TLS cipher suite found for x,y',
    ],
    ['terminating-gateway', { Services: [{}] }, 'Service name cannot be blank.'],
    [
      'mesh',
      { HTTP: { Incoming: { RequestNormalization: { HeadersWithUnderscoresAction: 'x' } } } },
      'error in HTTP incoming request normalization configuration: no matching HeadersWithUnderscoresAction value found for x, please specify one of [ALLOW, REJECT_REQUEST, DROP_HEADER]',
    ],
    [
      'mesh',
      { TLS: { Outgoing: { ECDHCurves: ['P-1'] } } },
      'error in outgoing TLS configuration: unsupported ecdh_curve "P-1"; must be one of [P-256, P-384, P-521, X25519, X25519MLKEM768]',
    ],
    ['exported-services', {}, 'exported-services Name must be "default"'],
    ['bound-api-gateway', { Nope: 1 }, '1 error occurred:\n\t* invalid config key "Nope"\n\n'],
    ['api-gateway', {}, 'api gateway must have at least one listener'],
    [
      'api-gateway',
      {
        Listeners: [
          { Name: 'a', Port: 1, Protocol: 'tcp' },
          { Name: 'b', Port: 1, Protocol: 'http' },
        ],
      },
      'listeners "a" and "b" cannot be merged',
    ],
    [
      'api-gateway',
      {
        Listeners: [
          { Name: 'a', Port: 1, Protocol: 'tcp' },
          { Name: 'a', Port: 2, Protocol: 'tcp' },
        ],
      },
      'found multiple listeners with the name "a"',
    ],
    [
      'http-route',
      { Rules: [{ Matches: [{ Path: { Match: 'like' } }] }] },
      'Rule[0], Match[0], Path, match type should be one of exact, prefix, or regex',
    ],
    [
      'http-route',
      { Rules: [{ Matches: [{ Path: { Match: 'regex', Value: '(' } }] }] },
      /^Rule\[0\], Match\[0\], Path, regex is not a valid expression: /,
    ],
    ['inline-certificate', cert(made.certPem, 'x'), 'failed to parse private key PEM'],
    ['inline-certificate', cert('x', made.keyPem), 'failed to parse certificate PEM'],
    ['inline-certificate', cert(made.certPem, other.keyPem), 'tls: private key does not match public key'],
    ['inline-certificate', cert(unnamed.certPem, unnamed.keyPem), 'host "a..com" must be a valid DNS hostname'],
    ['jwt-provider', {}, 'JSONWebKeySet is required'],
    ['jwt-provider', { JSONWebKeySet: {} }, 'must specify exactly one of Local or Remote JSON Web key set'],
    ['jwt-provider', { JSONWebKeySet: { Local: {} } }, 'must specify exactly one of String or filename for local keyset'],
    ['jwt-provider', { JSONWebKeySet: { Local: { JWKS: 'a' } } }, 'JWKS must be valid base64 encoded string'],
    ['jwt-provider', jwks({ URI: '' }), 'Remote JWKS URI is required'],
    [
      'jwt-provider',
      jwks({ RetryPolicy: { RetryPolicyBackOff: { BaseInterval: '2s', MaxInterval: '1s' } } }),
      "retry policy backoff's MaxInterval should be greater or equal to BaseInterval",
    ],
    ['jwt-provider', jwks({ JWKSCluster: { DiscoveryType: 'DNS' } }), 'unsupported jwks cluster discovery type: "DNS"'],
    ['jwt-provider', trust({}), "must specify exactly one of: CaCertificateProviderInstance or TrustedCA for JKWS' TLSCertificates"],
    [
      'jwt-provider',
      trust({ TrustedCA: {} }),
      "must specify exactly one of: Filename, EnvironmentVariable, InlineString or InlineBytes for JWKS' TrustedCA",
    ],
  ])('%s %j', (kind, fields, message) => {
    const said = refused(kind, fields);
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  it('takes a certificate with its own key', () => {
    expect(refused('inline-certificate', cert(made.certPem, made.keyPem))).toBe('');
  });
});

it('warns of TLS without a name to ask for, as `config write` does', () => {
  const { entry } = prepareEntry(
    decodeConsulText({ name: 'a.hcl', text: 'kind = "terminating-gateway"\nname = "out"\nservices = [{ name = "b" ca_file = "/x" }]' })
      .value,
  );
  expect(entryKind('terminating-gateway')!.warnings!(entry!)).toEqual([
    'TLS is configured but SNI is not set for service "b". Enabling SNI is strongly recommended when using TLS.',
  ]);
});

it('says what of an ingress gateway, an API gateway and a route is not served', () => {
  const SDS = { ClusterName: 'sds', CertResource: 'cert' };
  const warnings = (entry: Record<string, unknown>): readonly string[] => {
    const prepared = prepareEntry(fromJson({ Name: 'g', ...entry }));
    return entryKind(String(entry['Kind']))!.warnings!(prepared.entry!);
  };
  const Services = [{ Name: 'web', Hosts: ['web.example.com'] }];
  const listener = { Port: 8080, Protocol: 'http', Services };
  expect(warnings({ Kind: 'ingress-gateway', TLS: { SDS }, Listeners: [listener] })).toEqual([
    expect.stringMatching(/^TLS\.SDS .*not served$/),
  ]);
  const ofService = { ...listener, Services: [{ ...Services[0], TLS: { SDS } }] };
  expect(warnings({ Kind: 'ingress-gateway', Listeners: [ofService] })).toEqual([expect.stringContaining('port 8080')]);
  expect(warnings({ Kind: 'ingress-gateway', Listeners: [listener] })).toEqual([]);
  const main = { Name: 'main', Port: 1, Protocol: 'http', TLS: { SDS } };
  expect(warnings({ Kind: 'api-gateway', Listeners: [main], ExtAuthz: { Enabled: true } })).toEqual([
    expect.stringContaining('listener main'),
    expect.stringContaining('ExtAuthz'),
  ]);
  const Filters = { ExtAuthz: { Enabled: true }, ExtProc: [{ StatPrefix: 'x' }] };
  expect(warnings({ Kind: 'http-route', Rules: [{ Services: [{ Name: 'web', Filters }] }] })).toHaveLength(2);
});
