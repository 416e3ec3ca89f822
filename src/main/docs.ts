import { readFileSync } from 'node:fs';
import type { Log } from '../base/ports.ts';
import type { SiteSettings } from '../docs/site.ts';
import { startDocs } from '../images/docs/server.ts';
import { serveUntilStopped } from './image.ts';

const log: Log = {
  log(level, message, fields = {}) {
    const details = Object.entries(fields).map(([name, value]) => ` ${name}=${String(value)}`);
    process.stdout.write(`[${level}] ${message}${details.join('')}\n`);
  },
};

/** The process of one site. DOCS_FOLDER: its pages. DOCS_SETTINGS: a JSON file, see SiteSettings. LISTEN_ADDR: host:port. DOCS_ASSETS: a
 * folder of pictures. DOCS_MESH: the command line of mesh, a JSON list. */
serveUntilStopped('docs', async () => {
  const {
    DOCS_FOLDER: folder,
    DOCS_SETTINGS: settingsFile,
    DOCS_ASSETS: assets,
    DOCS_MESH: mesh,
    LISTEN_ADDR: listen = '127.0.0.1:8080',
  } = process.env;
  if (folder === undefined || settingsFile === undefined) throw new Error('DOCS_FOLDER and DOCS_SETTINGS must be set');
  const colon = listen.lastIndexOf(':');
  const site = await startDocs({
    folder,
    settings: JSON.parse(readFileSync(settingsFile, 'utf8')) as SiteSettings,
    ...(assets === undefined ? {} : { assets }),
    ...(mesh === undefined ? {} : { mesh: JSON.parse(mesh) as string[] }),
    address: listen.slice(0, colon),
    port: Number(listen.slice(colon + 1)),
    log,
  });
  log.log('info', `serving ${folder} on ${site.address}:${site.port}`);
  return site;
});
