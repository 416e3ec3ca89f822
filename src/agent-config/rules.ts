import { isDatacenterName } from '../entries/datacenter-name.ts';
import type { RawConfig } from './file-schema.ts';
import type { Findings } from './findings.ts';
import { isCidr, isIPv4, isIPv6 } from './ip.ts';

/** What Consul refuses at the start of an agent, in its order. */
export function checkRules(config: RawConfig, findings: Findings): void {
  const raft = config.performance?.raft_multiplier;
  if (raft !== undefined && (raft < 1 || raft > 10))
    findings.refuse('performance.raft_multiplier', `performance.raft_multiplier cannot be ${raft}. Must be between 1 and 10`);
  addresses(config, findings);
  datacenters(config, findings);
  const trailing = config.autopilot?.max_trailing_logs ?? 0;
  if (trailing < 0)
    findings.refuse(
      'autopilot.max_trailing_logs',
      `autopilot.max_trailing_logs cannot be ${trailing}. Must be greater than or equal to zero`,
    );
  node(config, findings);
  bootstrap(config, findings);
  if (config.segment) findings.refuse('segment', 'Network segments are not supported in this version of Consul');
  const provider = config.connect?.ca_provider;
  if (provider && !['consul', 'vault', 'aws-pca'].includes(provider))
    findings.refuse('connect.ca_provider', `${provider} is not a valid CA provider`);
  if (config.encrypt && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(config.encrypt))
    findings.refuse('encrypt', 'encrypt has invalid key: illegal base64 data');
}

function addresses(config: RawConfig, findings: Findings): void {
  for (const key of ['bind_addr', 'advertise_addr', 'advertise_addr_wan'] as const) {
    const text = config[key];
    if (text && !isIPv4(text) && !isIPv6(text)) findings.add(key, `${key}: invalid ip address: ${text}`);
  }
  if (/^(0\.0\.0\.0|::|\[::\])$/.test(config.advertise_addr ?? ''))
    findings.refuse('advertise_addr', 'Advertise address cannot be 0.0.0.0, :: or [::]');
  for (const cidr of config.http_config?.allow_write_http_from ?? [])
    if (!isCidr(cidr)) findings.add('http_config.allow_write_http_from', `allow_write_http_from: invalid cidr: ${cidr}`);
}

function datacenters({ datacenter, primary_datacenter: primary, acl_datacenter: aclDatacenter }: RawConfig, findings: Findings): void {
  const check = (path: string, name: string | undefined): void => {
    if (name && !isDatacenterName(name.toLowerCase()))
      findings.refuse(path, `${path} cannot be ${JSON.stringify(name.toLowerCase())}. Please use only [a-z0-9-_]`);
  };
  check('datacenter', datacenter);
  check('primary_datacenter', primary);
  if (aclDatacenter)
    findings.warn('acl_datacenter', "The 'acl_datacenter' field is deprecated. Use the 'primary_datacenter' field instead.");
}

/** Consul: as many, and as long. */
const MAX_META = 64;
const MAX_KEY = 128;
const MAX_VALUE = 512;

function node({ node_name: name, node_id: id, node_meta: meta = {} }: RawConfig, findings: Findings): void {
  if (name !== undefined && name.trim() === '') findings.refuse('node_name', 'node_name cannot be empty');
  else if (name !== undefined && !/^[A-Za-z0-9-]+$/.test(name))
    findings.warn(
      'node_name',
      `Node name ${JSON.stringify(name)} will not be discoverable via DNS due to invalid characters. Valid characters include all alpha-numerics and dashes.`,
    );
  if (id && !/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(id)) {
    const why = id.length === 36 ? 'uuid is improperly formatted' : 'uuid string is wrong length';
    findings.refuse('node_id', `failed to setup node ID: specified NodeID is invalid: ${why}`);
  }
  const wrong = metaError(meta);
  if (wrong !== undefined) findings.refuse('node_meta', `node_meta invalid: ${wrong}`);
}

function metaError(meta: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(meta);
  if (pairs.length > MAX_META) return `Node metadata cannot contain more than ${MAX_META} key/value pairs`;
  for (const [key, value] of pairs) {
    const why = pairError(key, value);
    if (why !== undefined) return `Couldn't load metadata pair ('${key}', '${value}'): ${why}`;
  }
  return undefined;
}

function pairError(key: string, value: string): string | undefined {
  if (key === '') return 'Key cannot be blank';
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return 'Key contains invalid characters';
  if (key.length > MAX_KEY) return `Key is too long (limit: ${MAX_KEY} characters)`;
  if (key.startsWith('consul-')) return "Key prefix 'consul-' is reserved for internal use";
  if (value.length > MAX_VALUE) return `Value is too long (limit: ${MAX_VALUE} characters)`;
  return undefined;
}

function bootstrap({ bootstrap: alone = false, bootstrap_expect: expect = 0, server = false }: RawConfig, findings: Findings): void {
  if (alone && !server) findings.refuse('bootstrap', "'bootstrap = true' requires 'server = true'");
  if (expect < 0) findings.refuse('bootstrap_expect', `bootstrap_expect cannot be ${expect}. Must be greater than or equal to zero`);
  if (expect > 0 && !server) findings.refuse('bootstrap_expect', "'bootstrap_expect > 0' requires 'server = true'");
  if (expect > 0 && alone) findings.refuse('bootstrap_expect', "'bootstrap_expect > 0' and 'bootstrap = true' are mutually exclusive");
}
