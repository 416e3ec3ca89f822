import { join } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import { define, type FunctionTable, failure } from '../../hcl/hcl2/index.ts';
import { type Answer, isOutside, text, type World } from './world.ts';

/** Folders of the user, of Shipyard and of Jumppad. */
export function placeFunctions({ userHome, dataFolder, files }: World): FunctionTable {
  const data = (name: string, mode: number, force: boolean): Answer => {
    const root = join(dataFolder, 'data');
    const path = join(root, name);
    if (name === '' || isOutside(root, path)) return failure(`${JSON.stringify(name)} is not the name of a folder below ${root}`, 0);
    try {
      files.makeFolder(path, mode, force);
      return text(path);
    } catch (error) {
      return failure(`can't make ${path}: ${messageOf(error)}`);
    }
  };
  const kubeconfig = (cluster: string, name: string) => text(join(dataFolder, 'config', cluster, name));
  return {
    data: define(
      { parameters: { name: 'text' }, doc: 'A folder below `shipyard()`, which is made.', example: ['data("web")', '/data/data/web'] },
      ({ name }) => data(name, 0o775, false),
    ),
    data_with_permissions: define(
      {
        parameters: { name: 'text', mode: 'text' },
        doc: 'The same, with a mode in octal digits.',
        example: ['data_with_permissions("web", "0777")', '/data/data/web'],
      },
      ({ name, mode }) =>
        /^[0-7]{3,4}$/.test(mode)
          ? data(name, Number.parseInt(mode, 8), true)
          : failure(`${JSON.stringify(mode)} is not a mode of a folder`, 1, 'write it as three or four octal digits: "0777"'),
    ),
    home: define({ parameters: {}, doc: 'Your home folder.', example: ['home()', '/home/me'] }, () => text(userHome)),
    jumppad: define({ parameters: {}, doc: 'The same as `shipyard`, for `~/.jumppad`.', example: ['jumppad()', '/data'] }, () =>
      text(dataFolder),
    ),
    k8s_config: define(
      {
        parameters: { cluster: 'text' },
        doc: 'Where Shipyard writes a kubeconfig. Nothing is written there: manifests are interpreted, no API server runs.',
        example: ['k8s_config("aks")', '/data/config/aks/kubeconfig.yaml'],
      },
      ({ cluster }) => kubeconfig(cluster, 'kubeconfig.yaml'),
    ),
    k8s_config_docker: define(
      {
        parameters: { cluster: 'text' },
        doc: 'The same, as containers of Shipyard see it.',
        example: ['k8s_config_docker("aks")', '/data/config/aks/kubeconfig-docker.yaml'],
      },
      ({ cluster }) => kubeconfig(cluster, 'kubeconfig-docker.yaml'),
    ),
    shipyard: define(
      {
        parameters: {},
        doc: 'The folder that stands for `~/.shipyard`: `shipyard` in the home of mesh; `mesh purge` removes it.',
        example: ['shipyard()', '/data'],
      },
      () => text(dataFolder),
    ),
  };
}
