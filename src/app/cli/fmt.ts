import { readFile } from 'node:fs/promises';
import { type Diagnostic, diagnosticToJson } from '../../base/diagnostic.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import { shownPath } from '../../blueprints/paths.ts';
import type { Input } from '../../commands/command.ts';
import { formatHcl } from '../../hcl/format/format.ts';
import { findFiles } from '../fmt/find-files.ts';
import { lineDiff } from '../fmt/line-diff.ts';
import { replaceFile } from '../fmt/replace-file.ts';
import type { Io } from '../io.ts';
import { counted, showDiagnostics } from './report-diagnostics.ts';

interface Options {
  /** Change nothing. */
  readonly check: boolean;
  readonly diff: boolean;
  readonly json: boolean;
}

interface FileResult {
  readonly path: string;
  readonly changed: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * `mesh fmt`: brings HCL files into their canonical form. Exit code 1 with `--check` if a file is not in it, 3 if one can't be
 * read; the others are formatted all the same.
 */
export async function fmt({ args, options }: Input, io: Io): Promise<number> {
  const wanted: Options = { check: options['check'] === true, diff: options['diff'] === true, json: options['json'] === true };
  if (args.includes('-')) return fmtStdin(args, wanted, io);
  const results: FileResult[] = [];
  for (const path of await findFiles(args.length === 0 ? ['.'] : args, io.cwd)) {
    io.signal.throwIfAborted();
    results.push(await fmtFile(path, wanted, io));
  }
  if (wanted.json) io.out(`${JSON.stringify({ files: results.map(resultToJson) }, undefined, 2)}\n`);
  else
    await showDiagnostics(
      results.flatMap(({ diagnostics }) => diagnostics),
      io,
    );
  const broken = results.filter(({ diagnostics }) => diagnostics.length > 0).length;
  if (broken > 0 && wanted.json) return 3;
  if (broken > 0) throw new MeshError('invalid', `${counted(broken, 'file')} can't be formatted`);
  return wanted.check && results.some(({ changed }) => changed) ? 1 : 0;
}

async function fmtFile(path: string, { check, diff, json }: Options, io: Io): Promise<FileResult> {
  const name = shownPath(path, io.cwd);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new MeshError('environment', `can't read ${name}: ${messageOf(error)}`);
  });
  const formatted = formatHcl({ name, text });
  if (formatted.diagnostics) return { path: name, changed: false, diagnostics: formatted.diagnostics };
  const changed = formatted.text !== text;
  if (changed && !check) await replaceFile(path, formatted.text, io.pid);
  if (changed && !json) io.out(diff ? `${lineDiff(name, text, formatted.text)}\n` : `${name}\n`);
  return { path: name, changed, diagnostics: [] };
}

async function fmtStdin(args: readonly string[], { check, diff, json }: Options, io: Io): Promise<number> {
  if (args.length > 1) throw new MeshError('usage', 'standard input is formatted alone', { hint: 'mesh fmt -' });
  const name = '<stdin>';
  const text = await io.stdin();
  const formatted = formatHcl({ name, text });
  const changed = formatted.text !== undefined && formatted.text !== text;
  if (json)
    io.out(
      `${JSON.stringify({ files: [resultToJson({ path: name, changed, diagnostics: formatted.diagnostics ?? [] })] }, undefined, 2)}\n`,
    );
  if (formatted.diagnostics) {
    if (json) return 3;
    await showDiagnostics(formatted.diagnostics, io);
    throw new MeshError('invalid', "standard input can't be formatted");
  }
  if (!json && diff && changed) io.out(`${lineDiff(name, text, formatted.text)}\n`);
  else if (!json && !diff && !check) io.out(formatted.text);
  return check && changed ? 1 : 0;
}

function resultToJson({ path, changed, diagnostics }: FileResult) {
  return { path, changed, ...(diagnostics.length > 0 ? { diagnostics: diagnostics.map(diagnosticToJson) } : {}) };
}
