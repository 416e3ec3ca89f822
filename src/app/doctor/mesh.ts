import type { Findings, Finding as MeshFinding } from '../../api/finding.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import { type ApiClient, openClient } from '../consul/client.ts';
import { parseFlags } from '../consul/flags.ts';
import { HTTP_FLAGS } from '../consul/http-flags.ts';
import type { Io } from '../io.ts';
import { checkRoots, type RootJson } from './certificates.ts';
import { spanText } from './clock.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const ANSWER_MS = 10_000;

/** A client of an agent, with token and TLS of the environment. Rejects with a MeshError when they make no sense. */
export async function clientOf(address: string, io: Io): Promise<ApiClient> {
  const parsed = parseFlags(HTTP_FLAGS, [`-http-addr=${address}`]);
  if (parsed.type === 'error') throw new MeshError('usage', parsed.message);
  return openClient(parsed.flags, io).catch((error: unknown) => {
    throw new MeshError('usage', `${address} can't be asked: ${messageOf(error)}`, {
      hint: 'an address is host:port, http://…, https://… or unix://path; CONSUL_HTTP_TOKEN_FILE, CONSUL_CACERT and its like count, too',
    });
  });
}

/** What an agent says of its mesh over HTTP. */
export interface MeshLook {
  readonly roots: readonly RootJson[];
  readonly findings: readonly Finding[];
}

export async function lookAtMesh(client: ApiClient, io: Pick<Io, 'signal'>, now: number): Promise<MeshLook> {
  try {
    const [roots, found] = await Promise.all([
      client.send('GET', '/v1/connect/ca/roots', { timeoutMs: ANSWER_MS }),
      client.send('GET', '/v1/mesh/findings', { timeoutMs: ANSWER_MS }),
    ]);
    const known = roots.status === 200 ? ((JSON.parse(roots.body) as { Roots?: RootJson[] }).Roots ?? []) : [];
    const certificates = roots.status === 200 ? checkRoots(known, now) : [];
    return { roots: known, findings: [...clockOf(roots.headers.date, now), ...certificates, ...meshFindings(found)] };
  } catch (error) {
    if (io.signal.aborted) throw error;
    return {
      roots: [],
      findings: [fail('HTTP API', messageOf(error), 'is it the right address? mesh troubleshoot ports tells what answers there')],
    };
  }
}

function meshFindings({ status, body }: { readonly status: number; readonly body: string }): Finding[] {
  const name = 'mesh';
  if (status === 403)
    return [
      warn(
        name,
        'this token may not read what is found: Permission denied',
        'set CONSUL_HTTP_TOKEN to one with operator:read and service_prefix "" read',
      ),
    ];
  if (status === 404)
    return [warn(name, 'the agent is none of mesh, or older: it has no findings', 'mesh doctor looks at this machine without --http-addr')];
  if (status !== 200) return [fail(name, `the agent answers ${status}: ${body.trim().slice(0, 200)}`, 'mesh logs agent')];
  const { findings } = JSON.parse(body) as Findings;
  if (findings.length === 0) return [ok(name, 'services, upstreams, intentions and config entries fit together')];
  return findings.map(toFinding);
}

function toFinding({ code, severity, summary, fix, about, datacenter, path }: MeshFinding): Finding {
  const where = { ...about, datacenter, ...(path === undefined ? {} : { path }) };
  return { ...(severity === 'error' ? fail(code, summary, fix) : warn(code, summary, fix)), code, about: where };
}

const SKEW_MS = 5_000;

function clockOf(date: string | undefined, now: number): Finding[] {
  const skew = date === undefined ? 0 : Date.parse(date) - now;
  if (!(Math.abs(skew) > SKEW_MS)) return [];
  return [
    warn(
      'clock',
      `that of the agent is ${spanText(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}`,
      'set both right: certificates go by them',
    ),
  ];
}
