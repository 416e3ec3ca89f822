import type { DiagnosticJson } from '../base/diagnostic.ts';
import { errorToJson, MeshError } from '../base/errors.ts';
import { styleOf } from './style.ts';

export interface ErrorOutput {
  readonly json: boolean;
  readonly colour: boolean;
  readonly version: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Shows what went wrong: one line first, then its places, then the next thing to type. Only bugs show a stack. */
export async function renderError(error: unknown, output: ErrorOutput): Promise<void> {
  if (output.json) return output.out(`${JSON.stringify({ error: errorToJson(error) }, undefined, 2)}\n`);
  const style = await styleOf(output.colour);
  if (!(error instanceof MeshError) || error.code === 'bug') {
    const cause = error instanceof MeshError && typeof error.cause === 'string' ? error.cause : undefined;
    const stack = cause ?? (error instanceof Error ? error.stack : String(error));
    output.err(`${style.error('This is a bug in mesh')} ${output.version}. Please report it with this:\n${stack}\n`);
    return;
  }
  for (const diagnostic of error.diagnostics) output.err(`${renderJson(diagnostic, style)}\n`);
  output.err(`${style.error('error:')} ${error.message}\n`);
  if (error.hint !== undefined) output.err(`${style.dim('hint:')} ${error.hint}\n`);
}

/** A diagnostic that has crossed a socket: the excerpt came along. */
function renderJson(d: DiagnosticJson, style: Awaited<ReturnType<typeof styleOf>>): string {
  const where = d.file === undefined ? '' : `${style.bold(`${d.file}:${d.line}:${d.column}:`)} `;
  const lines = [`${where}${d.severity}: ${d.summary}`];
  if (d.excerpt !== undefined) lines.push(`  ${d.line} | ${d.excerpt}`);
  for (const { name, value } of d.values ?? []) lines.push(`  ${name} is ${value}`);
  if (d.detail !== undefined) lines.push(`  ${d.detail}`);
  if (d.hint !== undefined) lines.push(`  hint: ${d.hint}`);
  return lines.join('\n');
}
