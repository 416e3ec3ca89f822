import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const hasWrk = (() => {
  try {
    execFileSync('which', ['wrk'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export const generator = hasWrk ? 'wrk' : 'a generator in Node';

/** `%d` in a body is another number each time: a write that changes nothing is none. */
const bodyText = (body) => (typeof body === 'object' ? JSON.stringify(body) : (body ?? '')).replaceAll('"%d"', '%d');

function scriptOf(method, body) {
  return `local count = 10000 + math.random(10000)
request = function()
  count = count + 1
  if count > 60000 then count = 10000 end
  return wrk.format("${method}", nil, nil, ("${bodyText(body).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"):gsub("%%d", count))
end
done = function(s) io.write(string.format("RESULT %d %d\\n", s.requests, s.errors.status + s.errors.read + s.errors.write)) end
`;
}

/** Requests over so many connections for some seconds. Resolves with how many were answered; rejects if one was refused. */
export async function load(server, { path, method = 'GET', body }, connections, seconds) {
  if (!hasWrk) return ownLoad(server, { path, method, body }, connections, seconds);
  const folder = mkdtempSync(join(tmpdir(), 'mesh-wrk-'));
  try {
    const script = join(folder, 'request.lua');
    writeFileSync(script, scriptOf(method, body));
    const { stdout } = await run('wrk', [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '-s',
      script,
      `http://127.0.0.1:${server.port}${path}`,
    ]);
    const [, requests, errors] = /RESULT (\d+) (\d+)/.exec(stdout);
    if (Number(errors) > 0) throw new Error(`${method} ${path}: ${errors} errors\n${stdout}`);
    return Number(requests);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ownLoad(server, call, connections, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const worker = async () => {
    for (; performance.now() < until; count++) {
      const body = call.body === undefined ? {} : { body: bodyText(call.body).replaceAll('%d', 10_000 + (count % 50_000)) };
      await server.ask(call.path, { ...call, ...body, agent });
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  agent.destroy();
  return count;
}
