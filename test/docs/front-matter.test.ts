import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../src/docs/front-matter.ts';

describe('front matter', () => {
  it('is read line by line, with colons and quotes in titles', () => {
    const { fields, body } = readFrontMatter('---\nid: index\ntitle: "Moving: a story"\nsidebar_label: Step 1: start\n--- \n\ntext\n');
    expect({ ...fields }).toEqual({ id: 'index', title: 'Moving: a story', sidebar_label: 'Step 1: start' });
    expect(body).toBe('\ntext\n');
  });

  it('may be empty, end with the file, or have Windows line ends', () => {
    expect(readFrontMatter('---\n---\ntext').body).toBe('text');
    expect(readFrontMatter('---\nid: a\n---').fields['id']).toBe('a');
    expect(readFrontMatter('---\r\nid: a\r\n---\r\ntext').body).toBe('text');
  });

  it('is only that at the beginning', () => {
    for (const text of ['text\n---\nid: a\n---\n', '--- \ntext', '']) expect(readFrontMatter(text)).toEqual({ fields: {}, body: text });
  });
});
