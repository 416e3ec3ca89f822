import { expect, it } from 'vitest';
import { createRandom } from '../../../src/images/fake-service/random.ts';
import { requestBody } from '../../../src/images/fake-service/request-body.ts';

it('requestBody is the text, or random of about the size', () => {
  const random = createRandom(1);
  expect(requestBody({ text: 'x', size: 5, variancePercent: 0 }, random)).toBe('x');
  expect(requestBody({ text: '', size: 0, variancePercent: 50 }, random)).toBeUndefined();
  expect(requestBody({ text: '', size: 100, variancePercent: 0 }, random)).toHaveLength(100);
  expect(requestBody({ text: '', size: 100, variancePercent: 50 }, { next: () => 0 })).toHaveLength(50);
});
