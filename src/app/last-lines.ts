import { open } from 'node:fs/promises';

/** More than ten long lines, and little enough to read for every workload that is in trouble. */
const TAIL_BYTES = 16 * 1024;

/** The last lines of a file that say something; none if there is no file. */
export async function lastLinesOf(path: string, count: number): Promise<string[]> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    // The first line of a piece is not whole.
    return lastLines(from === 0 ? text : text.slice(text.indexOf('\n') + 1), count);
  } catch {
    return [];
  }
}

/** The last lines that say something. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

/** What a workload printed last, for the end of a sentence. */
export async function lastWords(logPath: string): Promise<string> {
  const lines = await lastLinesOf(logPath, 10);
  return lines.length === 0 ? 'it printed nothing' : `its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
