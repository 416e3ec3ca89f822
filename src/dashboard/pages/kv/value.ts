/** A pair as `GET /v1/kv/<key>` has it. */
export interface Pair {
  readonly Key: string;
  /** Base64; null: empty. */
  readonly Value: string | null;
  readonly Flags: number;
  readonly LockIndex: number;
  readonly Session?: string;
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

export type Content = { readonly type: 'text'; readonly text: string } | { readonly type: 'binary'; readonly bytes: Uint8Array };

/** What a value is: text, or bytes that no text has. */
export function contentOf(value: string | null): Content {
  const bytes = Uint8Array.from(atob(value ?? ''), (character) => character.charCodeAt(0));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // A text field shows no control characters, and makes a line feed of any line break.
    return /[^\P{Cc}\t\n]/u.test(text) ? { type: 'binary', bytes } : { type: 'text', text };
  } catch {
    return { type: 'binary', bytes };
  }
}

/** `00000000  7f 45 4c 46 …  |.ELF|`, sixteen to a line, of the first `most`. */
export function hexDump(bytes: Uint8Array, most = 512): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, most); at += 16) {
    const row = Array.from(bytes.slice(at, Math.min(at + 16, most)));
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  |${text}|`);
  }
  return lines.join('\n');
}

/** The path of the API for a key: its slashes stay. */
export const kvPath = (key: string): string => `/v1/kv/${key.split('/').map(encodeURIComponent).join('/')}`;

/** `a/b/` → `['', 'a/', 'a/b/']`. */
export function prefixesOf(prefix: string): string[] {
  const parts = prefix.split('/').slice(0, -1);
  return ['', ...parts.map((_, i) => `${parts.slice(0, i + 1).join('/')}/`)];
}

/** Everything up to the last slash: where a key is found. */
export const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/', key.length - 2) + 1);

/** The last part of a key or folder. */
export const lastPart = (key: string): string => key.slice(folderOf(key).length);
