import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configEntryTypes } from '../../src/library/entry-types.ts';

it('the types of config entries are those of their schemas', async () => {
  await expect(configEntryTypes()).toMatchFileSnapshot(join(import.meta.dirname, '../../src/library/config-entries.ts'));
});
