import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shippedBlueprints } from '../../src/blueprints/locate.ts';
import { Workspace } from './harness.ts';

/** Types what the README of each shipped blueprint says, in an empty folder, on free ports, and compares what it promises. */
const SHIPPED = resolve(import.meta.dirname, '../../blueprints');
const canType = ['curl', 'xargs', 'seq'].every((program) => spawnSync(program, ['--version']).status === 0);

interface Block {
  readonly kind: string;
  readonly lines: readonly string[];
}

function blocksOf(blueprint: string): Block[] {
  const text = readFileSync(resolve(SHIPPED, blueprint, 'README.md'), 'utf8');
  return Array.from(text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm), ([, kind = '', body = '']) => ({
    kind,
    lines: body.trimEnd().split('\n'),
  }));
}

/** A promised line, in which `…` stands for anything. */
const promise = (line: string): RegExp =>
  new RegExp(
    line
      .trim()
      .split(/\s*…\s*/)
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  );

/** A line with the ports of this mesh in the place of those that readers have. */
function typed(line: string, port: string): string {
  if (line.startsWith('mesh run ')) return `${line} --http-port 0 --ports auto`;
  return line.replaceAll('localhost:9090', `localhost:${port}`);
}

describe('what the pages of the shipped blueprints say', async () => {
  it.for(await shippedBlueprints(SHIPPED))('%s works as typed (needs curl)', { skip: !canType, timeout: 60_000 }, async (blueprint) => {
    const blocks = blocksOf(blueprint);
    expect(blocks.filter(({ kind }) => kind !== 'sh' && kind !== 'text')).toEqual([]);
    await using mesh = new Workspace();
    let port = '';
    let printed = '';
    for (const { kind, lines } of blocks) {
      if (kind === 'text') for (const line of lines) expect(printed).toMatch(promise(line));
      else {
        printed = '';
        for (const line of lines) {
          const outcome = await mesh.shell(`{ ${typed(line, port)}; } 2>&1`);
          expect(outcome, `${line}\n${outcome.stdout}`).toMatchObject({ code: 0 });
          printed += outcome.stdout;
          if (!line.startsWith('mesh run ')) continue;
          const { agent, ingresses } = await mesh.status();
          mesh.env['CONSUL_HTTP_ADDR'] = agent.http;
          port = new URL(ingresses[0]!.url).port;
        }
      }
    }
    expect(mesh.processes()).toEqual([]);
  });
});
