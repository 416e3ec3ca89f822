import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webm': 'video/webm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

const TEXT = new Set([
  '.cfg',
  '.conf',
  '.go',
  '.hcl',
  '.htm',
  '.html',
  '.js',
  '.md',
  '.mdx',
  '.nomad',
  '.sh',
  '.tf',
  '.toml',
  '.ts',
  '.txt',
  '.xml',
  '.yaml',
  '.yml',
]);

/** What a file is served as. Scripts and documents are shown as text: nothing from the folder runs. */
export function contentType(path: string): string {
  const ending = extname(path).toLowerCase();
  return TYPES[ending] ?? (TEXT.has(ending) ? 'text/plain; charset=utf-8' : 'application/octet-stream');
}
