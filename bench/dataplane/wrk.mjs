import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = `done = function(s, l)
  local e = s.errors
  io.write(string.format("RESULT %d %d %d %d\\n", s.requests, e.status + e.read + e.write + e.connect + e.timeout, l:percentile(50), l:percentile(99)))
end
`;

/** Each request has a head of its own, which the application gives back. */
const VARIED = `local n = 0
request = function()
  n = n + 1
  return wrk.format(nil, nil, { ["X-Varied"] = tostring(n) })
end
`;

/** Requests over so many connections. Resolves with how many were answered and their latency in milliseconds; rejects if one failed. */
export async function wrk(port, { connections = 32, seconds, path = '/api/pay?amount=3', headers = {}, varied = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-wrk-'));
  try {
    const script = join(folder, 'done.lua');
    writeFileSync(script, varied ? VARIED + SCRIPT : SCRIPT);
    const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', script, ...fields];
    const { stdout } = await run('wrk', [...options, `http://127.0.0.1:${port}${path}`]);
    const [requests, errors, p50, p99] = /RESULT (\d+) (\d+) (\d+) (\d+)/.exec(stdout).slice(1).map(Number);
    // A connection that the answer closes, as it was asked to, is an error of reading to wrk.
    if (errors > 0 && headers.Connection !== 'close') throw new Error(`${errors} of ${requests} requests failed\n${stdout}`);
    return { requests, p50: p50 / 1000, p99: p99 / 1000 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
