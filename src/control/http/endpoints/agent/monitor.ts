import type { LogLevel } from '../../../../base/ports.ts';
import { LOG_LEVELS, logLineText } from '../../../agent/log-tap.ts';
import { type Answer, HttpError } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { live } from '../../live.ts';

/** The log from now on, line by line, until the client has enough. What comes too fast for it is lost to it (Consul does the same). */
export function monitor(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('agent', 'read', mesh.nodeName);
  const { query, signal } = request;
  const wanted = query.get('loglevel') || 'info';
  const level = levelOf(wanted);
  if (!level) throw new HttpError(400, `${mesh.compat === '1.8' ? 'Bad request: ' : ''}Unknown log level: ${wanted}`);
  const asJson = query.has('logjson') && !/^(0|f|false)$/i.test(query.get('logjson') ?? '');
  const follow = (push: (line: string) => void) => mesh.agent.logs.listen(level, (line) => push(`${logLineText(line, asJson)}\n`));
  return { type: 'stream', contentType: 'text/plain; charset=utf-8', chunks: live({ follow }, signal) };
}

function levelOf(name: string): LogLevel | undefined {
  const lower = name.toLowerCase();
  return lower === 'err' ? 'error' : LOG_LEVELS.find((level) => level === lower);
}
