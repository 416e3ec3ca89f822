import { spawn } from 'node:child_process';
import type { Io } from '../io.ts';
import { openerOf } from '../opener.ts';

/**
 * Opens pages in the user's browser, if there is a terminal and so somebody to see them. Never waits, never fails: their
 * addresses stand in the summary too.
 */
export function openPages(pages: readonly string[], io: Io): void {
  if (!io.terminal.stdoutIsTty || !io.terminal.animate) return;
  const opener = openerOf(io);
  for (const page of new Set(pages)) {
    if (!/^https?:\/\//.test(page)) continue;
    const child = spawn(opener, [page], { detached: true, stdio: 'ignore' });
    child.on('error', () => io.err(`Open ${page}\n`));
    child.unref();
  }
}
