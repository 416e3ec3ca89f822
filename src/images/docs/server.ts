import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import { nearest } from '../../base/suggest.ts';
import { OWN_FILES, renderMissing, renderPage } from '../../docs/layout.ts';
import { linksOf } from '../../docs/links.ts';
import { renderMarkdown } from '../../docs/markdown.ts';
import { buildSite, type Page, pageAt, type Site, type SiteSettings, urlOf } from '../../docs/site.ts';
import { watchFolder } from './changes.ts';
import { contentType } from './content-type.ts';
import { findFile, readSiteFiles } from './folder.ts';
import { Problems } from './problems.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';
import { answerTask } from './task-requests.ts';
import { Tasks } from './tasks.ts';

export interface DocsOptions {
  /** Of the pages and all that they show. */
  readonly folder: string;
  readonly settings: SiteSettings;
  /** A folder of pictures and the like, beside it. */
  readonly assets?: string;
  /** The command line of mesh, for the scripts of tasks. */
  readonly mesh?: readonly string[];
  readonly address: string;
  readonly port: number;
  readonly log: Log;
}

export interface DocsServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Nothing but what this server sends may run, and nothing is loaded from elsewhere. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const ASSET_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

/**
 * Serves a folder of Markdown. Pages are read for each request, so that they are always what is on the disk; what does not
 * work on them is logged, at the start and when it is new.
 */
export async function startDocs({ folder, settings, assets, mesh = ['mesh'], address, port, log }: DocsOptions): Promise<DocsServer> {
  const readers = new Set<ServerResponse>();
  const tasks = new Tasks(settings.tasks ?? {}, mesh);
  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    answer(request, response).catch((error: unknown) => {
      log.log('error', 'a page could not be served', { path: request.url ?? '', error: messageOf(error) });
      if (!response.headersSent) send(response, 500, 'text/plain; charset=utf-8', `The page could not be read: ${messageOf(error)}\n`);
      else response.destroy();
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request.url ?? '/');
    if (path?.startsWith(`${OWN_FILES}/tasks`)) {
      const { status, body } = await answerTask(path.slice(OWN_FILES.length + 1), request, tasks);
      if (typeof body === 'string') return send(response, status, 'text/plain; charset=utf-8', body);
      return send(response, status, 'application/json', JSON.stringify(body));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return send(response, 405, 'text/plain; charset=utf-8', 'Only GET and HEAD.\n');
    }
    if (path === undefined) return send(response, 400, 'text/plain; charset=utf-8', 'The address is not well-formed.\n');
    if (path.startsWith(`${OWN_FILES}/`)) return answerOwn(path.slice(OWN_FILES.length + 1), response);
    const site = buildSite(await readSiteFiles(folder, assets), settings);
    const page = pageAt(path, site);
    if (page) return sendPage(response, 200, renderPage(page, renderMarkdown(page.body, linksOf(page, site)), site));
    const file = await findFile(folder, assets, path.slice(1));
    if (file !== undefined) return sendFile(response, file);
    sendPage(response, 404, renderMissing(path, nearestPage(path, site), site));
  }

  function answerOwn(name: string, response: ServerResponse): void {
    if (name === 'style.css') send(response, 200, 'text/css; charset=utf-8', STYLE);
    else if (name === 'script.js') send(response, 200, 'text/javascript; charset=utf-8', SCRIPT);
    else if (name === 'events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 2000\n\n');
      readers.add(response);
      response.on('close', () => readers.delete(response));
    } else send(response, 404, 'text/plain; charset=utf-8', 'There is no such file.\n');
  }

  const problems = new Problems(folder, settings, log);
  const unwatch = watchFolder(folder, () => {
    void problems.look();
    for (const reader of readers) reader.write('event: change\ndata: {}\n\n');
  });
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, address, resolve);
    });
  } catch (error) {
    unwatch();
    throw error;
  }
  void problems.look();
  const bound = server.address() as AddressInfo;
  return {
    address: bound.address,
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        unwatch();
        for (const reader of readers) reader.end();
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

/** The decoded path of a request's target, without what follows a `?`. */
function pathOf(target: string): string | undefined {
  try {
    return decodeURIComponent(target.replace(/^https?:\/\/[^/]*/, '').split(/[?#]/, 1)[0] || '/');
  } catch {
    return undefined;
  }
}

function nearestPage(path: string, site: Site): Page | undefined {
  const url = nearest(path, site.pages.map(urlOf));
  return site.pages.find((page) => urlOf(page) === url);
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.setHeader('Content-Security-Policy', PAGE_POLICY);
  send(response, status, 'text/html; charset=utf-8', html);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...COMMON, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function sendFile(response: ServerResponse, file: string): void {
  response.writeHead(200, { ...COMMON, 'Content-Type': contentType(file), 'Content-Security-Policy': ASSET_POLICY });
  if (response.req.method === 'HEAD') response.end();
  else {
    const stream = createReadStream(file);
    stream.on('error', () => response.destroy());
    response.on('close', () => stream.destroy());
    stream.pipe(response);
  }
}

const COMMON = { 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-cache' };
