import { arch, availableParallelism, platform } from 'node:os';
import { formatDuration } from '../../../../base/duration.ts';
import * as queries from '../../../../catalog/queries.ts';
import { consulVersion } from '../../../compatibility.ts';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { hostOf, memberJson } from './membership.ts';
import { aclsOn, agentAt } from './parts.ts';

/** Consul's programs carry a date even when nobody gave them one. */
const BUILD_DATE = '1970-01-01T00:00:01Z';

/** Who this agent is, as far as its configuration and its state are no secret: there is no secret in it. */
export function self(request: ApiRequest, mesh: Api): Answer {
  const { compat, datacenter, nodeName, nodeId, version } = mesh;
  request.acl.require('agent', 'read', nodeName);
  const newer = compat === '1.8' ? {} : { BuildDate: BUILD_DATE };
  const primary = compat === '1.8' ? {} : { PrimaryDatacenter: datacenter };
  return json({
    Config: {
      Datacenter: datacenter,
      ...primary,
      NodeName: nodeName,
      NodeID: nodeId,
      Revision: '',
      Server: true,
      Version: consulVersion(compat),
      ...newer,
    },
    DebugConfig: debugConfig(mesh),
    // Never measured: there is nobody to measure a distance to.
    Coord: { Vec: [0, 0, 0, 0, 0, 0, 0, 0], Error: 1.5, Adjustment: 0, Height: 0.00001 },
    Member: memberJson(mesh),
    Stats: stats(mesh),
    Meta: { 'consul-network-segment': '', 'mesh-version': version },
  });
}

export function version(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('agent', 'read', mesh.nodeName);
  return json({ SHA: '', BuildDate: BUILD_DATE, HumanVersion: consulVersion(mesh.compat), FIPS: '' });
}

/** Consul's names for what is set here. */
function debugConfig(mesh: Api): object {
  const { datacenter, nodeName, nodeId, compat, address, tuning } = mesh;
  const host = hostOf(mesh);
  const tcp = (at: number): string => `tcp://${host.includes(':') ? `[${host}]` : host}:${at}`;
  const port = Number(address.slice(address.lastIndexOf(':') + 1)) || -1;
  return {
    ACLDatacenter: datacenter,
    ACLsEnabled: aclsOn(mesh),
    AdvertiseAddrLAN: host,
    AdvertiseAddrWAN: host,
    BindAddr: host,
    CheckDeregisterIntervalMin: '1m0s',
    CheckOutputMaxSize: tuning.checks.outputMaxSize,
    CheckReapInterval: '30s',
    CheckUpdateInterval: formatDuration(tuning.checks.updateIntervalMs * 1e6),
    ClientAddrs: [host],
    ConnectEnabled: true,
    ConnectSidecarMaxPort: tuning.sidecarPorts.max,
    ConnectSidecarMinPort: tuning.sidecarPorts.min,
    DNSDomain: 'consul.',
    Datacenter: datacenter,
    DefaultQueryTime: '5m0s',
    DiscardCheckOutput: tuning.checks.discardOutput,
    // There are no profiles of a Go program.
    EnableDebug: false,
    EnableLocalScriptChecks: mesh.agent.local.scripts !== 'off',
    EnableRemoteScriptChecks: mesh.agent.local.scripts === 'all',
    HTTPAddrs: port > 0 ? [`tcp://${address}`] : [`unix://${address}`],
    HTTPPort: port,
    KVMaxValueSize: 524_288,
    MaxQueryTime: '10m0s',
    NodeID: nodeId,
    NodeName: nodeName,
    PrimaryDatacenter: datacenter,
    RPCAdvertiseAddr: tcp(tuning.ports.server),
    Revision: '',
    SerfAdvertiseAddrLAN: tcp(tuning.ports.serfLan),
    SerfAdvertiseAddrWAN: tcp(tuning.ports.serfWan),
    SerfBindAddrLAN: tcp(tuning.ports.serfLan),
    SerfBindAddrWAN: tcp(tuning.ports.serfWan),
    ServerMode: true,
    ServerPort: tuning.ports.server,
    SerfPortLAN: tuning.ports.serfLan,
    SerfPortWAN: tuning.ports.serfWan,
    SessionTTLMin: formatDuration(tuning.sessionTtlMinMs * 1e6),
    TaggedAddresses: { lan: host, lan_ipv4: host, wan: host, wan_ipv4: host },
    TxnMaxReqLen: 524_288,
    Version: consulVersion(compat),
  };
}

function stats(mesh: Api): object {
  const { datacenter, nodeId, compat, snapshot, agent } = mesh;
  const at = agentAt(mesh);
  const { ttls, monitors } = agent.local.checks.count;
  const index = String(snapshot.value.index);
  const leader = `${hostOf(mesh)}:${mesh.tuning.ports.server}`;
  return {
    agent: {
      check_monitors: String(monitors),
      check_ttls: String(ttls),
      checks: String(agent.local.checksOf(at).length),
      services: String(agent.local.services(at).length),
    },
    build: { prerelease: '', revision: '', version: consulVersion(compat) },
    consul: {
      acl: aclsOn(mesh) ? 'enabled' : 'disabled',
      bootstrap: 'true',
      known_datacenters: String(queries.datacenterNames(snapshot.value).length),
      leader: 'true',
      leader_addr: leader,
      server: 'true',
    },
    // One writer and no raft: what was written is what was applied.
    raft: {
      applied_index: index,
      commit_index: index,
      last_contact: '0',
      last_log_index: index,
      latest_configuration: `[{Suffrage:Voter ID:${nodeId} Address:${leader}}]`,
      num_peers: '0',
      state: 'Leader',
    },
    runtime: { arch: arch(), cpu_count: String(availableParallelism()), os: platform() },
    serf_lan: { encrypted: 'false', members: '1', failed: '0', left: '0' },
    serf_wan: { encrypted: 'false', members: '1', failed: '0', left: '0', datacenter },
  };
}
