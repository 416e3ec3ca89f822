import { type Diagnostic, renderDiagnostic, type Severity } from '../../base/diagnostic.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';

/** Shows diagnostics in full on stderr, with a blank line behind each. */
export async function showDiagnostics(diagnostics: readonly Diagnostic[], io: Io): Promise<void> {
  const style = await styleOf(io.terminal.colour);
  for (const diagnostic of diagnostics) io.err(`${renderDiagnostic(diagnostic, style)}\n\n`);
}

export function countOf(severity: Severity, diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
