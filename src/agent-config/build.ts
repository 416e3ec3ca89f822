import { prepareEntry } from '../entries/decode.ts';
import type { EntryBase } from '../entries/kind.ts';
import { consulErrorText, type Problem } from '../entries/problem.ts';
import type { LocatedMap } from '../schema/located.ts';
import { aclOf } from './acl.ts';
import { apiJson } from './api-json.ts';
import { connectOf } from './connect.ts';
import type { ConfigSource } from './decode.ts';
import { dnsOf } from './dns.ts';
import type { RawConfig } from './file-schema.ts';
import { Findings } from './findings.ts';
import { listenersOf } from './listeners.ts';
import { noteIgnored } from './notes.ts';
import { checkRules } from './rules.ts';
import { check, service } from './service-schema.ts';
import type { AgentSettings, HttpSettings, LimitSettings, LogSettings, Registration } from './settings.ts';
import { tlsOf } from './tls.ts';

export interface BuiltSettings {
  /** Means what was written only if there is no error among the problems. */
  readonly settings: AgentSettings;
  readonly problems: readonly Problem[];
}

/** Consul: of `log_level`, in any case. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'err', 'error'];

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Judges a merged configuration and fills in Consul's defaults. `needsDataDir`: without `-dev`, Consul does not start without one. */
export function buildSettings(source: ConfigSource, mode: { readonly dev: boolean; readonly needsDataDir: boolean }): BuiltSettings {
  const { dev } = mode;
  const config: RawConfig = dev ? { ...source.config, server: true, bootstrap: false } : source.config;
  const findings = new Findings(source.ranges);
  const entries = entriesOf(source.entries, findings);
  checkRules(config, findings);
  if (mode.needsDataDir && !dev && !config.data_dir) findings.refuse('data_dir', 'data_dir cannot be empty');
  const level = config.log_level?.toLowerCase();
  if (level && !LOG_LEVELS.includes(level))
    findings.refuse('log_level', `Invalid log level: ${config.log_level}. Valid log levels are: [TRACE DEBUG INFO WARN ERR ERROR]`);
  noteIgnored(config, findings);
  const datacenter = (config.datacenter || 'dc1').toLowerCase();
  const ports = config.ports ?? {};
  const settings: AgentSettings = {
    dev,
    server: config.server ?? false,
    datacenter,
    ...text('nodeName', config.node_name),
    ...text('nodeId', config.node_id?.toLowerCase()),
    nodeMeta: config.node_meta ?? {},
    ...text('dataDir', config.data_dir),
    ...text('advertiseAddress', config.advertise_addr || concrete(config.bind_addr)),
    ...listenersOf(config, dev, findings),
    serverPort: ports.server ?? 8300,
    serfLanPort: ports.serf_lan ?? 8301,
    serfWanPort: ports.serf_wan ?? 8302,
    sidecarPorts: { min: ports.sidecar_min_port ?? 21_000, max: ports.sidecar_max_port ?? 21_255 },
    log: logOf(config, level, findings),
    ...text('pidFile', config.pid_file),
    acl: aclOf(config, findings),
    ...intentionPolicy(config, findings),
    connect: connectOf(config, findings),
    tls: tlsOf(config, findings),
    dnsSettings: dnsOf(config, findings),
    httpSettings: httpOf(config),
    limits: limitsOf(config, findings),
    defaultQueryTimeMs: findings.duration('default_query_time', config.default_query_time, 5 * MINUTE_MS),
    maxQueryTimeMs: findings.duration('max_query_time', config.max_query_time, 10 * MINUTE_MS),
    sessionTtlMinMs: findings.duration('session_ttl_min', config.session_ttl_min, 10 * SECOND_MS),
    scriptChecks: config.enable_script_checks ? 'all' : config.enable_local_script_checks ? 'local' : 'off',
    checkOutputMaxSize: config.check_output_max_size ?? 4096,
    discardCheckOutput: config.discard_check_output ?? false,
    checkUpdateIntervalMs: findings.duration('check_update_interval', config.check_update_interval, 5 * MINUTE_MS),
    ui: config.ui ?? dev,
    leaveOnTerminate: config.leave_on_terminate ?? !config.server,
    leaveOnInterrupt: config.skip_leave_on_interrupt === undefined ? !config.server : !config.skip_leave_on_interrupt,
    autoReload: config.auto_reload_config ?? false,
    compat: findings.choice('compat', config.compat, ['1.8', 'newer'], 'newer', 'compat is not a version that mesh knows'),
    services: (config.services ?? []).map((one) => apiJson(one, service) as Registration),
    checks: (config.checks ?? []).map((one) => apiJson(one, check) as Registration),
    entries,
  };
  if (settings.scriptChecks === 'all' && !settings.acl.enabled && settings.httpSettings.allowWriteFrom.length === 0)
    findings.warn(
      'enable_script_checks',
      'using enable-script-checks without ACLs and without allow_write_http_from is DANGEROUS, use enable-local-script-checks instead, see https://www.hashicorp.com/blog/protecting-consul-from-rce-risk-in-specific-configurations/',
    );
  if (settings.https.length > 0 && settings.tls.https.certFile === undefined)
    findings.warn('ports.https', 'HTTPS has no cert_file and key_file: nobody can connect to it');
  return { settings, problems: findings.problems };
}

/** A field that is there if it says something. */
function text<const N extends string>(name: N, value: string | undefined): { readonly [K in N]?: string } {
  return value ? ({ [name]: value } as { [K in N]: string }) : {};
}

const concrete = (address: string | undefined): string | undefined =>
  address === '0.0.0.0' || address === '::' || address === '[::]' ? undefined : address;

function intentionPolicy(config: RawConfig, findings: Findings): Pick<AgentSettings, 'defaultIntentionPolicy'> {
  if (!config.default_intention_policy) return {};
  const refusal = 'unsupported default intention policy';
  const path = 'default_intention_policy';
  return { defaultIntentionPolicy: findings.choice(path, config.default_intention_policy, ['allow', 'deny'], 'allow', refusal) };
}

function logOf(config: RawConfig, level: string | undefined, findings: Findings): LogSettings {
  return {
    ...text('level', level === 'err' ? 'error' : level),
    json: config.log_json ?? false,
    ...text('file', config.log_file),
    rotateBytes: config.log_rotate_bytes ?? 0,
    rotateAfterMs: findings.duration('log_rotate_duration', config.log_rotate_duration, DAY_MS),
    rotateMaxFiles: config.log_rotate_max_files ?? 0,
  };
}

function httpOf({ http_config: http = {} }: RawConfig): HttpSettings {
  return {
    responseHeaders: http.response_headers ?? {},
    allowWriteFrom: http.allow_write_http_from ?? [],
    blockEndpoints: http.block_endpoints ?? [],
    useCache: http.use_cache ?? true,
    allowedHosts: http.allowed_hosts ?? [],
    allowedOrigins: http.allowed_origins ?? [],
    ...(http.max_requests_per_second === undefined ? {} : { requestsPerSecond: http.max_requests_per_second }),
    ...(http.max_blocking_queries_per_client === undefined ? {} : { blockingPerClient: http.max_blocking_queries_per_client }),
    ...(http.max_header_bytes === undefined ? {} : { maxHeaderBytes: http.max_header_bytes }),
  };
}

function limitsOf({ limits = {} }: RawConfig, findings: Findings): LimitSettings {
  const { request_limits: requests = {} } = limits;
  const timeout = limits.https_handshake_timeout;
  return {
    ...(limits.http_max_conns_per_client === undefined ? {} : { httpMaxConnsPerClient: limits.http_max_conns_per_client }),
    ...(limits.kv_max_value_size === undefined ? {} : { kvMaxValueSize: limits.kv_max_value_size }),
    ...(limits.txn_max_req_len === undefined ? {} : { txnMaxReqLen: limits.txn_max_req_len }),
    ...(timeout === undefined
      ? {}
      : { httpsHandshakeTimeoutMs: findings.duration('limits.https_handshake_timeout', timeout, 5 * SECOND_MS) }),
    requestLimits: {
      mode: findings.choice(
        'limits.request_limits.mode',
        requests.mode,
        ['disabled', 'permissive', 'enforcing'],
        'disabled',
        'limits.request_limits.mode is not known',
      ),
      readRate: requests.read_rate ?? -1,
      writeRate: requests.write_rate ?? -1,
    },
  };
}

/** The first entry that is wrong ends the work, as with Consul. */
function entriesOf(written: readonly LocatedMap[], findings: Findings): EntryBase[] {
  return written.flatMap((map, i) => {
    const { entry, problems } = prepareEntry(map);
    const wrong = consulErrorText(problems);
    for (const one of problems) if (one.severity === 'warning') findings.problems.push(one);
    if (wrong !== '') {
      const place = problems.find(({ severity }) => severity === 'error')?.subject ?? map.range;
      findings.problems.push({
        severity: 'error',
        form: 'alone',
        summary: `config_entries.bootstrap[${i}]: ${wrong}`,
        ...(place ? { subject: place } : {}),
      });
    }
    return entry ? [entry] : [];
  });
}
