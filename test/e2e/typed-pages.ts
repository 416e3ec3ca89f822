import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect } from 'vitest';
import { freePorts } from '../free-ports.ts';
import { eventually, type Workspace } from './harness.ts';

/**
 * A page of Markdown is typed as a reader would: the lines of `sh` blocks in an empty folder, on free ports. A `text` block is what the
 * lines before it print, in this order; `…` in it stands for anything. A block with the name of a file behind its language is saved as that file; `sh exit=1`
 * are lines that end with 1. Blocks of other languages, and those without one, are only for reading.
 */
interface Block {
  readonly kind: string;
  readonly about: string;
  readonly lines: readonly string[];
}

/** Programs that the pages use besides mesh. */
export const canType = ['curl', 'xargs', 'seq'].every((program) => spawnSync(program, ['--version']).status === 0);

function blocksOf(page: string): Block[] {
  return Array.from(page.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```/gm), ([, kind = '', about = '', body = '']) => ({
    kind,
    about,
    lines: body.trimEnd().split('\n'),
  }));
}

/** A promised line, in which `…` stands for anything. */
const promise = (line: string): RegExp =>
  new RegExp(
    line
      .trim()
      .split(/\s*…\s*/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+'))
      .join('.*'),
  );

/** A line with the ports of this mesh in the place of those that readers have. */
function typed(line: string, ports: ReadonlyMap<string, string>): string {
  if (line.startsWith('mesh run ')) return `${line} --http-port 0 --ports auto`;
  return line.replaceAll(/localhost:(\d+)/g, (address, port: string) => (ports.has(port) ? `localhost:${ports.get(port)}` : address));
}

/** Ports that a page chooses itself, in its files too: 19090, 21501. Blueprints move those that they open. */
const OWN_PORT = /\b(?:1[89]\d{3}|215\d\d)\b/g;

/** The page with free ports in the place of its own. */
async function onFreePorts(page: string): Promise<string> {
  const own = [...new Set(page.match(OWN_PORT))];
  const free = await freePorts(own.length);
  return page.replaceAll(OWN_PORT, (port) => String(free[own.indexOf(port)]));
}

/** Types a page in a workspace. Fails where a line ends otherwise than it should, or does not print what the page says. */
export async function typePage(mesh: Workspace, given: string): Promise<void> {
  const page = given.includes('mesh run ') ? given : await onFreePorts(given);
  const ports = new Map<string, string>();
  let printed = '';
  for (const { kind, about, lines } of blocksOf(page)) {
    if (kind === 'text') {
      let rest = printed;
      for (const line of lines.filter((one) => one.trim() !== '' && one.trim() !== '…')) {
        expect(rest, `after the lines above it, in this order\n${printed}`).toMatch(promise(line));
        rest = rest.slice(promise(line).exec(rest)!.index);
      }
    } else if (kind === 'sh') {
      const code = Number(/^exit=(\d+)$/.exec(about)?.[1] ?? 0);
      printed = '';
      for (const line of lines) {
        const exported = /^export (\w+)=(.*)$/.exec(line);
        if (exported) mesh.env[exported[1]!] = exported[2]!;
        const outcome = await mesh.shell(`{ ${typed(line, ports)}\n} 2>&1`);
        expect(outcome, `${line}\n${outcome.stdout}`).toMatchObject({ code });
        printed += outcome.stdout;
        if (!line.startsWith('mesh run ')) continue;
        const { agent, ingresses } = await mesh.status();
        mesh.env['CONSUL_HTTP_ADDR'] = agent.http;
        ports.set('8500', new URL(`http://${agent.http.replace(/^https?:\/\//, '')}`).port);
        for (const { url, movedFrom } of ingresses as readonly { url: string; movedFrom?: number }[])
          ports.set(String(movedFrom ?? new URL(url).port), new URL(url).port);
      }
    } else if (about !== '') save(resolve(mesh.cwd, about), lines);
  }
  const left = await eventually(
    () => mesh.processes(),
    (processes) => processes.length === 0,
  );
  expect(left).toEqual([]);
}

function save(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join('\n')}\n`);
}
