import type { LogLevel } from '../../../../base/ports.ts';
import { LOG_LEVELS, logLineText } from '../../../agent/log-tap.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';

/** Lines that may wait for a client that reads slowly; what comes then is lost to it (Consul does the same). */
const BUFFERED_LINES = 512;

/** The log from now on, line by line, until the client has enough. */
export function monitor(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('agent', 'read', mesh.nodeName);
  const { query, signal } = request;
  const wanted = query.get('loglevel') || 'info';
  const level = levelOf(wanted);
  if (!level) throw new HttpError(400, `${mesh.compat === '1.8' ? 'Bad request: ' : ''}Unknown log level: ${wanted}`);
  const asJson = query.has('logjson') && !/^(0|f|false)$/i.test(query.get('logjson') ?? '');
  return { type: 'stream', contentType: 'text/plain; charset=utf-8', chunks: lines(mesh, level, asJson, signal) };
}

function levelOf(name: string): LogLevel | undefined {
  const lower = name.toLowerCase();
  return lower === 'err' ? 'error' : LOG_LEVELS.find((level) => level === lower);
}

async function* lines(mesh: Api, level: LogLevel, asJson: boolean, signal: AbortSignal): AsyncGenerator<string> {
  let waiting: string[] = [];
  let wake = (): void => undefined;
  const stop = mesh.agent.logs.listen(level, (line) => {
    if (waiting.length < BUFFERED_LINES) waiting.push(`${logLineText(line, asJson)}\n`);
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      const ready = waiting;
      waiting = [];
      if (ready.length > 0) yield ready.join('');
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
    signal.removeEventListener('abort', onAbort);
  }
}
