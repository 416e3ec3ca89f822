import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputsOf } from './jobs.ts';

const folder = join(import.meta.dirname, '../golden/nomad');
/** Those that nothing is wrong with. */
const inputs = readdirSync(folder).filter((file) => /^(?!rejected-).*\.in\.(hcl|json)$/.test(file));

/** Each line left out, each word of a line replaced, and each text cut short. */
function mutantsOf(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const others = (middle: readonly string[]) => [...lines.slice(0, i), ...middle, ...lines.slice(i + 1)].join('\n');
    const values = ['"x"', '{}', '[{}]'].map((value) => others([line.replace(/(?<=[=:]\s*)\S.*$/, value)]));
    return [others([]), others([line, line]), lines.slice(0, i).join('\n'), others([line.replace(/\w+/, 'unknown')]), ...values];
  });
}

describe('a job file with a mistake', () => {
  it.each(inputs)('is read to the end, and every mistake has a place: %s', (file) => {
    for (const text of new Set(mutantsOf(readFileSync(join(folder, file), 'utf8')))) {
      const { diagnostics } = outputsOf([{ name: file, text }]);
      for (const { subject, summary } of diagnostics) {
        expect(subject, summary).toBeDefined();
        expect(subject!.end, summary).toBeLessThanOrEqual(text.length);
      }
    }
  });
});
