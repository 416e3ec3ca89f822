import { request } from 'node:http';
import { messageOf } from '../../base/errors.ts';
import { critical, outputLimit, type Probe, passing, Tail, timeoutMs } from './outcome.ts';

const SOCKET = '/var/run/docker.sock';

/** Runs the command in a container, by the engine that answers on this socket. */
export const probeDocker =
  (socketPath = SOCKET): Probe =>
  async (run, signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs(run))]);
    const command = run.Shell ? [run.Shell, '-c', (run.ScriptArgs ?? []).join(' ')] : (run.ScriptArgs ?? []);
    const call = (method: string, path: string, body?: object): Promise<Reply> => engine(socketPath, method, path, body, limit);
    try {
      const container = encodeURIComponent(run.DockerContainerID ?? '');
      const created = await call('POST', `/containers/${container}/exec`, { AttachStdout: true, AttachStderr: true, Cmd: command });
      if (created.status !== 201) return critical(`create exec failed for container ${run.DockerContainerID}: ${reasonOf(created)}`);
      const { Id: id } = JSON.parse(created.body.toString()) as { Id: string };
      const started = await call('POST', `/exec/${id}/start`, { Detach: false, Tty: false });
      if (started.status !== 200) return critical(`start exec failed for container ${run.DockerContainerID}: ${reasonOf(started)}`);
      const inspected = await call('GET', `/exec/${id}/json`);
      const { ExitCode: code } = JSON.parse(inspected.body.toString()) as { ExitCode: number };
      const tail = new Tail(outputLimit(run));
      for (const chunk of frames(started.body)) tail.push(chunk);
      if (code === 0) return passing(tail.text);
      return code === 1 ? { status: 'warning', output: tail.text } : critical(tail.text);
    } catch (error) {
      return critical(`the container engine at ${socketPath} can't be used: ${limit.aborted ? 'it took too long' : messageOf(error)}`);
    }
  };

interface Reply {
  readonly status: number;
  readonly body: Buffer;
}

function engine(socketPath: string, method: string, path: string, body: object | undefined, signal: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { Host: 'docker', 'Content-Type': 'application/json' };
    const outgoing = request({ socketPath, method, path, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? '' : JSON.stringify(body));
  });
}

function reasonOf({ body }: Reply): string {
  try {
    return (JSON.parse(body.toString()) as { message?: string }).message ?? '';
  } catch {
    return body.toString();
  }
}

/** Without a terminal the engine sends frames: stream, three zeros, length, bytes. */
function* frames(body: Buffer): Generator<Buffer> {
  for (let at = 0; at + 8 <= body.length; ) {
    const length = body.readUInt32BE(at + 4);
    yield body.subarray(at + 8, at + 8 + length);
    at += 8 + length;
  }
}
