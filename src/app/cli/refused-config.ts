import { type Diagnostic, renderDiagnostic } from '../../base/diagnostic.ts';
import { ConfigRefused } from '../agent-config/read.ts';
import { Failure } from '../consul/command.ts';
import type { Io } from '../io.ts';

/** Consul's line for a configuration that an agent does not start with; below it, for people, where it stands. */
export function refused(error: unknown, io: Io): unknown {
  if (!(error instanceof ConfigRefused)) return error;
  const lines = [`==> ${error.message}`, ...(io.diagnostics ? error.diagnostics.map((one) => renderDiagnostic(one)) : [])];
  return new Failure(lines.join('\n'));
}

export function warn(warnings: readonly Diagnostic[], io: Io): void {
  for (const warning of warnings) io.err(io.diagnostics ? `${renderDiagnostic(warning)}\n` : `==> ${warning.summary}\n`);
}
