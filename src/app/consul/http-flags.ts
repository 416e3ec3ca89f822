import type { Flag } from './flags.ts';

/** Flags of every command that talks to an agent. */
export const HTTP_FLAGS: readonly Flag[] = [
  {
    name: 'http-addr',
    kind: 'string',
    value: 'address',
    doc: 'Where the agent listens: host:port, http://, https:// or unix://path. Before CONSUL_HTTP_ADDR; without both the agent of this home, else 127.0.0.1:8500.',
  },
  { name: 'token', kind: 'string', value: 'value', doc: 'ACL token. Before CONSUL_HTTP_TOKEN.' },
  {
    name: 'token-file',
    kind: 'string',
    value: 'value',
    doc: 'File that holds the ACL token. Before -token and CONSUL_HTTP_TOKEN_FILE.',
    completes: 'file',
  },
  {
    name: 'ca-file',
    kind: 'string',
    value: 'value',
    doc: 'File of CA certificates to trust with https. Before CONSUL_CACERT.',
    completes: 'file',
  },
  {
    name: 'ca-path',
    kind: 'string',
    value: 'value',
    doc: 'Folder of CA certificates to trust with https. Before CONSUL_CAPATH.',
    completes: 'folder',
  },
  {
    name: 'client-cert',
    kind: 'string',
    value: 'value',
    doc: 'File of the certificate to show with https. Before CONSUL_CLIENT_CERT.',
    completes: 'file',
  },
  {
    name: 'client-key',
    kind: 'string',
    value: 'value',
    doc: 'File of the key of that certificate. Before CONSUL_CLIENT_KEY.',
    completes: 'file',
  },
  {
    name: 'tls-server-name',
    kind: 'string',
    value: 'value',
    doc: 'Name that the certificate of the agent must carry. Before CONSUL_TLS_SERVER_NAME.',
  },
  { name: 'datacenter', kind: 'string', value: 'value', doc: "Datacenter to ask; the agent's own by default.", completes: 'datacenter' },
  { name: 'stale', kind: 'bool', doc: 'Let any server answer. Changes nothing for an agent that is alone.' },
  { name: 'namespace', kind: 'string', value: 'value', doc: 'Namespace to ask: a Consul Enterprise feature. Before CONSUL_NAMESPACE.' },
  { name: 'partition', kind: 'string', value: 'value', doc: 'Partition to ask: a Consul Enterprise feature. Before CONSUL_PARTITION.' },
];
