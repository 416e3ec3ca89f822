import { homeOf, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import { VERSION } from '../version.ts';

const TIMEOUT_MS = 5000;

/** After a write to the agent of this home: returns when the sidecars serve it, and says so where that disturbs nobody. */
export async function afterWrite(address: string, io: Io): Promise<void> {
  const home = homeOf(io.env, io.cwd);
  if (readAgentRecord(home)?.http !== address.replace(/^https?:\/\//, '')) return;
  try {
    const { serving, total, index } = await call(
      home.agentSocket,
      'sync',
      { timeoutMs: TIMEOUT_MS },
      { version: VERSION, detach: io.signal },
    );
    if (io.diagnostics && total > 0) io.err(`${serving}/${total} sidecars serve it (index ${index})\n`);
  } catch {
    // The write is done and durable; that nobody could tell about the sidecars does not undo it.
    if (io.diagnostics) io.err('could not learn whether the sidecars serve it: mesh status\n');
  }
}
