import { dirname, resolve } from 'node:path';
import { define, type FunctionTable, failure } from '../../hcl/hcl2/index.ts';
import { toJson } from '../../schema/located.ts';
import { shownPath } from '../paths.ts';
import { type Answer, text, type World } from './world.ts';

/** Of files; paths are relative to the file that the call stands in. */
export function fileFunctions({ file, files, cwd, render }: World): FunctionTable {
  const folder = dirname(file);
  const read = (path: string, then: (content: string) => Answer): Answer => {
    const absolute = resolve(folder, path);
    let content: string;
    try {
      content = files.readNow(absolute);
    } catch {
      return failure(`can't read ${shownPath(absolute, cwd)}`, 0, 'paths are relative to the file that they stand in');
    }
    return then(content);
  };
  return {
    dir: define({ parameters: {}, doc: 'The folder of this file.', example: ['dir()', '/shop'] }, () => text(folder)),
    exists: define(
      { parameters: { path: 'text' }, doc: 'Whether there is such a file or folder.', example: ['exists("hello.txt")', true] },
      ({ path }) => ({ type: 'bool', value: files.existsNow(resolve(folder, path)) }),
    ),
    file: define(
      { parameters: { path: 'text' }, doc: 'The text of a file.', example: ['file("hello.txt")', 'Hello {{name}}!\n'] },
      ({ path }) => read(path, text),
    ),
    file_dir: define({ parameters: {}, doc: 'The same as `dir`.', example: ['file_dir()', '/shop'] }, () => text(folder)),
    file_path: define({ parameters: {}, doc: 'This file.', example: ['file_path()', '/shop/main.hcl'] }, () => text(file)),
    template_file: define(
      {
        parameters: { path: 'text', variables: 'any' },
        doc: 'The text of a Handlebars template with the variables, an object, filled in.',
        example: ['template_file("hello.txt", { name = "you" })', 'Hello you!\n'],
      },
      ({ path, variables }) => {
        if (variables.type !== 'map') return failure('the variables must be an object', 1, 'write { name = "value" }');
        return read(path, (template) => {
          const rendered = render(template, toJson(variables) as Readonly<Record<string, never>>);
          return rendered.ok ? text(rendered.value) : failure(`${shownPath(resolve(folder, path), cwd)}: ${rendered.error}`, 0);
        });
      },
    ),
  };
}
