export interface FrontMatter {
  /** As written, without quotes: `id`, `title`, `sidebar_label`, `description`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly body: string;
}

const BLOCK = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?\r?\n|)---[ \t]*(?:\r?\n|$)/;

/**
 * Takes the lines between two `---` off a page. Read line by line and not as YAML: titles with a colon in them, which YAML
 * refuses, are common.
 */
export function readFrontMatter(text: string): FrontMatter {
  const match = BLOCK.exec(text);
  if (!match) return { fields: {}, body: text };
  const fields = Object.create(null) as Record<string, string>;
  for (const line of match[1]!.split('\n')) {
    const field = /^([A-Za-z_][\w-]*)\s*:\s*(.*?)\s*$/.exec(line);
    if (field) fields[field[1]!] = unquoted(field[2]!);
  }
  return { fields, body: text.slice(match[0].length) };
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/.exec(text)?.[2] ?? text;
