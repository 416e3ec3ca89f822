import { expect, it } from 'vitest';
import { describeExit } from '../../src/drivers/exit.ts';

it.each([
  [0, 'exited with code 0'],
  [3, 'exited with code 3'],
  [128, 'exited with code 128'],
  [137, 'was ended by signal 9 (SIGKILL)'],
  [139, 'was ended by signal 11 (SIGSEGV)'],
  [143, 'was ended by signal 15 (SIGTERM)'],
  [255, 'exited with code 255'],
  [undefined, 'exited with an unknown code'],
])('%s', (code, text) => {
  expect(describeExit(code)).toBe(text);
});
