import type { Block } from '../hcl/hcl2/ast.ts';
import type { LocatedMap } from '../schema/located.ts';
import type { Reference } from '../schema/references.ts';
import type { Base } from './graph.ts';
import type { ImageMapping } from './image-mapping.ts';
import type { Dialect, Made, ResourceType } from './resource-type.ts';

/** What loading reads with: the real file system, or one in memory. */
export interface Files {
  read(path: string): Promise<string>;
  /** Names in a folder, sorted; undefined if it is not a folder. */
  list(path: string): Promise<string[] | undefined>;
  exists(path: string): Promise<boolean>;
  /** For functions of the language, which are computed in one go. Throws as `read` rejects. */
  readNow(path: string): string;
  existsNow(path: string): boolean;
  /** Makes a folder, and those above it, with this mode; changes the mode of one that is there if `force` is given. */
  makeFolder(path: string, mode: number, force?: boolean): void;
}

/** Values of variables from outside the blueprint, from weak to strong; all are stronger than a folder's `*.vars`. */
export interface GivenValues {
  /** `--vars-file`, absolute. */
  readonly files: readonly string[];
  /** `--var name=value`, in their order. */
  readonly assignments: readonly { readonly name: string; readonly text: string }[];
}

export interface LoadOptions {
  readonly files: Files;
  /** Paths in messages are relative to this. */
  readonly cwd: string;
  /** What `env()` reads, and where `MESH_VAR_x`, `JUMPPAD_VAR_x` and `SY_VAR_x` stand. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `home()` gives. */
  readonly userHome: string;
  readonly given?: GivenValues;
  /** Resources that run already, by key. */
  running(): Promise<ReadonlyMap<string, RunningResource>>;
  /** Applied blueprints that this one builds on. */
  readonly bases?: readonly Base[];
  /** Ids of applied blueprints that go when this one is ready. */
  readonly replacing?: ReadonlySet<string>;
  /** Local programs that stand for images, from configuration files; the first of equals counts. By default none. */
  readonly images?: readonly ImageMapping[];
  /** Stands for `$HOME/.shipyard`. */
  readonly dataFolder: string;
  /** The folder of a module that is not on this machine. Rejects with a MeshError. */
  fetch(address: string): Promise<string>;
}

export interface RunningResource {
  readonly key: string;
  readonly type: string;
  readonly spec: unknown;
  /** It failed or is tainted: the next run makes it anew. */
  readonly stale?: true;
  /** What is known since it was made. */
  readonly made?: Made;
  /** Blueprints that ask for it. */
  readonly owners: readonly { readonly id: string; readonly name: string }[];
  /** Virtual addresses that it has. */
  readonly addresses: readonly string[];
}

/** One block of a blueprint that names a resource, decoded. */
export interface Loaded {
  readonly key: string;
  readonly name: string;
  readonly type: ResourceType;
  readonly block: Block;
  readonly located: LocatedMap;
  /** How its block is written. */
  readonly dialect: Dialect;
  /** Undefined if there are errors in it, or a part of it is not known yet. */
  readonly config: unknown;
  /** There is no error in it, but a part of it is known only when something else has been applied. */
  readonly waiting: boolean;
  readonly references: readonly Reference[];
  /** Keys of resources whose values its expressions use. */
  readonly uses: readonly string[];
  /** `depends_on`: what has to be there before, though nothing of it is used. */
  readonly after: readonly Reference[];
  readonly file: string;
  /** Modules that it stands in, outermost first. */
  readonly modules: readonly string[];
}
