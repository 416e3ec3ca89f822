/**
 * Takes away what only MDX understands: `import` and `export` lines. Code blocks stay as they are. Lines are emptied, not
 * removed: a paragraph before and one behind stay two.
 */
export function withoutModules(text: string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence !== undefined) {
        if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
        return line;
      }
      fence = mark;
      return /^import\s+(?:[\w*{][^'"]*\s+from\s+)?(['"])[^'"]+\1;?\s*$|^export\s+(?:default|const|let|function)\b/.test(line) ? '' : line;
    })
    .join('\n');
}
