import type { Dialect } from './compare.ts';
import { compare } from './compare.ts';

/** A process of its own for some texts: an original that crashes takes only these with it. Answers each as it is done. */
process.on('message', ({ dialect, texts }: { dialect: Dialect; texts: readonly string[] }) => {
  for (const [index, text] of texts.entries()) {
    const start = performance.now();
    let answer: object;
    try {
      const { result, ours, original } = compare(dialect, text);
      answer = { result: result ?? 'unexplained', ours, original, last: !original.accepts && original.panicked };
    } catch (error) {
      answer = { result: 'crash', error: String(error), last: true };
    }
    process.send!({ index, ms: performance.now() - start, ...answer });
    if ('last' in answer && answer.last) return;
  }
  process.send!({ done: true });
});
