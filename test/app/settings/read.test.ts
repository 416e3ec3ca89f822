import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsFiles } from '../../../src/app/settings/locate.ts';
import { readSettings } from '../../../src/app/settings/read.ts';
import { hasErrors, renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { COMMANDS } from '../../../src/commands/table.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

/** Wrong files and what is said about them. `UPDATE_GOLDEN=1` writes what is said now: read the difference before committing it. */
const golden = join(import.meta.dirname, '../../golden/settings');

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('wrong configuration files', () => {
  const cases = readdirSync(golden).filter((name) => name.endsWith('.in.hcl'));

  it.each(cases)('%s', async (name) => {
    const io = { cwd: golden, env: { HOME: '/home/me' } };
    const { diagnostics } = await readSettings([{ path: join(golden, name), of: 'project' }], COMMANDS, io);
    expect(hasErrors(diagnostics)).toBe(true);
    const said = `${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n\n')}\n`;
    const file = join(golden, name.replace('.in.hcl', '.out.txt'));
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, said);
    expect(said).toBe(existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  });
});

describe('configuration files', () => {
  it('of the project are stronger than those of the user, option by option', async () => {
    const folder = temporaryFolder();
    const user = write(
      join(folder, 'user.hcl'),
      `defaults {
        run {
          timeout = "90s"
          ports   = "auto"
        }
        agent { log_level = "debug" }
      }
      image "acme/api" { command = ["user"] }
      image "acme/web" {
        command = ["./web", "--port", 8080]
        env     = { HOME_OF = home() }
        ports   = [8080]
      }`,
    );
    const project = write(
      join(folder, 'project/.mesh.hcl'),
      `defaults {
        run {
          timeout   = "1m30s"
          browser   = false
          http_port = 0
          vars_file = ["my.vars"]
        }
      }
      image "acme/api" {
        command           = ["node", "server.js"]
        working_directory = "api"
      }`,
    );
    const files = [
      { path: project, of: 'project' },
      { path: user, of: 'user' },
    ] as const;
    const { settings, diagnostics } = await readSettings(files, COMMANDS, { cwd: folder, env: { HOME: '/home/me' } });
    expect(diagnostics).toEqual([]);
    expect(Object.fromEntries([...settings.defaults].map(([command, values]) => [command, Object.fromEntries(values)]))).toEqual({
      run: { timeout: '1m30s', ports: 'auto', browser: false, httpPort: '0', varsFile: [join(folder, 'project/my.vars')] },
      agent: { logLevel: 'debug' },
    });
    expect(settings.images).toMatchObject([
      { pattern: 'acme/api', command: ['node', 'server.js'], workingDirectory: join(folder, 'project/api'), env: {}, ports: [] },
      { pattern: 'acme/api', command: ['user'], workingDirectory: folder, env: {}, ports: [] },
      {
        pattern: 'acme/web',
        command: ['./web', '--port', '8080'],
        workingDirectory: folder,
        env: { HOME_OF: '/home/me' },
        ports: [8080],
      },
    ]);
  });
});

describe('where they are', () => {
  const place = () => {
    const root = temporaryFolder();
    const cwd = join(root, 'home/work/shop/deep/er');
    mkdirSync(cwd, { recursive: true });
    return { root, cwd, home: join(root, 'home'), shop: join(root, 'home/work/shop') };
  };
  const found = (env: Record<string, string>, cwd: string) => settingsFiles(env, cwd).map(({ path, of }) => `${of} ${path}`);

  it('nowhere, most of the time', () => {
    const { cwd, home } = place();
    expect(found({ HOME: home }, cwd)).toEqual([]);
  });

  it('the nearest one above counts, up to the home folder', () => {
    const { cwd, home, root, shop } = place();
    const outside = write(join(root, '.mesh.hcl'), '');
    expect(found({ HOME: home }, cwd)).toEqual([]);
    const ofHome = write(join(home, '.mesh.hcl'), '');
    expect(found({ HOME: home }, cwd)).toEqual([`project ${ofHome}`]);
    const ofShop = write(join(shop, '.mesh.hcl'), '');
    expect(found({ HOME: home }, cwd)).toEqual([`project ${ofShop}`]);
    expect(found({ HOME: home }, root)).toEqual([`project ${outside}`]);
  });

  it('the root of a repository ends the search', () => {
    const { cwd, home, shop } = place();
    write(join(home, '.mesh.hcl'), '');
    mkdirSync(join(shop, 'deep/.git'));
    expect(found({ HOME: home }, cwd)).toEqual([]);
    const own = write(join(shop, 'deep/.mesh.hcl'), '');
    expect(found({ HOME: home }, cwd)).toEqual([`project ${own}`]);
  });

  it('outside of a repository and of the home only the current folder counts', () => {
    const { cwd, shop } = place();
    write(join(shop, '.mesh.hcl'), '');
    expect(found({ HOME: '/home/me' }, cwd)).toEqual([]);
    const own = write(join(cwd, '.mesh.hcl'), '');
    expect(found({ HOME: '/home/me' }, cwd)).toEqual([`project ${own}`]);
  });

  it('the user has one, which the environment can name', () => {
    const { cwd, home } = place();
    const standard = write(join(home, '.config/mesh/config.hcl'), '');
    expect(found({ HOME: home }, cwd)).toEqual([`user ${standard}`]);
    const xdg = write(join(home, 'xdg/mesh/config.hcl'), '');
    expect(found({ HOME: home, XDG_CONFIG_HOME: join(home, 'xdg') }, cwd)).toEqual([`user ${xdg}`]);
    const named = write(join(cwd, 'mine.hcl'), '');
    expect(found({ HOME: home, MESH_CONFIG: 'mine.hcl' }, cwd)).toEqual([`user ${named}`]);
    const project = write(join(cwd, '.mesh.hcl'), '');
    expect(found({ HOME: home, MESH_CONFIG: named }, cwd)).toEqual([`project ${project}`, `user ${named}`]);
    expect(() => found({ HOME: home, MESH_CONFIG: 'yours.hcl' }, cwd)).toThrow(
      expect.objectContaining({ code: 'invalid', message: `MESH_CONFIG names ${join(cwd, 'yours.hcl')}, which does not exist` }),
    );
  });
});
