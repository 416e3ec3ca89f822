import type { Diagnostic } from '../base/diagnostic.ts';
import type { WrittenCall } from '../base/registration.ts';
import type { Range, Source } from '../base/source.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { Json, LocatedMap } from '../schema/located.ts';
import type { Schema } from '../schema/schema.ts';
import type { ApplyContext } from './context.ts';
import type { ImageMapping } from './image-mapping.ts';

/** Something that `run` waits for, by name: named again when the time is up. */
export interface Guard {
  /** `payments: ready`, `web -> payments: mutual TLS`. */
  readonly name: string;
  wait(signal: AbortSignal): Promise<void>;
  /** What keeps it waiting at this moment, in words: said when the time is up. Undefined if nothing can be told. */
  why?(): Promise<string | undefined>;
}

/** What `lower` may read. */
export interface LowerContext {
  /** Name of the resource; of one in a namespaced module with the module's before it: `consul.web`. */
  readonly name: string;
  /** How its block is written. */
  readonly dialect: Dialect;
  /** `container.web`; in a namespaced module `container.consul.web`. */
  readonly key: string;
  /** What this resource is now, if it runs and shall not be made anew: what was chosen by chance stays. */
  previous(): unknown;
  /** The decoded block with its places. */
  readonly located: LocatedMap;
  /** Where a path of the decoded block stands: `network[0].ip_address`. */
  at(path: string): Range | undefined;
  /** Header of the block. */
  readonly header: Range;
  /** Absolute form of a path, which is relative to the file of the blueprint. */
  resolvePath(path: string): string;
  /** Reads a text file; undefined (and a diagnostic at `at`) if that fails. */
  read(path: string, at: Range | undefined): Promise<Source | undefined>;
  /** Names in a folder; undefined if it is not one. */
  list(path: string): Promise<string[] | undefined>;
  exists(path: string): Promise<boolean>;
  /** Local programs that stand for images. */
  readonly images: readonly ImageMapping[];
  /** Whether another resource of this blueprint makes this file, and what is in it can't be known before. */
  madeLater(path: string): boolean;
  /** The folder of something in a git repository: `github.com/org/repo//folder?ref=v1`. Rejects with a MeshError. */
  fetch(address: string): Promise<string>;
  report(diagnostic: Diagnostic): void;
  /** Says what proxies of this resource call: whether there is such a service is looked up when everything is lowered. */
  calls(calls: readonly WrittenCall[]): void;
  /** Says where an entry stands that this resource writes: in its block, or in a file that the block names. */
  writes(entry: EntryBase, at: Range): void;
  /** The decoded block of another resource of this blueprint. */
  config(key: string): unknown;
  /**
   * What `lower` made of another resource: of this blueprint (resources are lowered after those they refer to), or one that
   * runs already.
   */
  spec(key: string): unknown;
  /** Resources of a type, of this blueprint (those lowered so far) and those that run already. */
  resources(type: string): readonly { readonly key: string; readonly spec: unknown }[];
  /** Keys of what it is made after, as far as that is known yet. */
  after(): readonly string[];
  /** This resource has to be made after another one, though its block does not name it. */
  dependOn(key: string): void;
  /**
   * Says that this resource will make a file. Types with `makesFiles` are lowered first, so that `read`, `list` and `exists`
   * of others see what isn't there yet; who does depends on this resource. `text` undefined: not known before it is made.
   */
  provide(path: string, text: string | undefined): void;
  /** Folder in which the command was typed: what exec_local's relative paths start from. */
  readonly cwd: string;
  /** `$HOME/.shipyard`'s part here: what `shipyard()` and `data()` of the blueprint language lead to. */
  readonly dataFolder: string;
}

/** What is known of a resource that was applied: what it reserved, and what creating it gave. */
export interface Made<Reserved = unknown> {
  readonly reserved: Reserved;
  /** What `create` resolved with. */
  readonly created: Json | undefined;
}

/** An attribute that others may refer to, beside those of the block itself. */
export interface OutputField {
  readonly schema: Schema;
  /** One sentence for the reference page. */
  readonly doc: string;
}

export interface Outputs<Spec, Reserved> {
  readonly fields: Readonly<Record<string, OutputField>>;
  /**
   * Their values. `made` is absent before the resource has been applied as it is now. An undefined value is not known yet: who
   * refers to it is lowered and applied when this resource has been. A field may repeat an attribute of the block that the
   * resource completes (`network`).
   */
  of(spec: Spec, made: Made<Reserved> | undefined): Readonly<Record<string, Json | undefined>>;
}

/**
 * A kind of resource. `Config` is the decoded block; `lower` turns it, on the side of the command line, into `Spec`: plain
 * JSON that needs no file any more. The rest runs in the agent. Everything that can be wrong is found before anything starts.
 */
export interface ResourceType<Config = unknown, Spec = unknown, Reserved = unknown> {
  readonly type: string;
  /** Other names for it: `kubernetes_cluster`. Keys have the first one. */
  readonly aliases?: readonly string[];
  /**
   * Only for blocks that are written so, where the two have different attributes: `resource "template" "x" {}` is Jumppad's,
   * `template "x" {}` Shipyard's. There is another row for the other one, with the same spec and life cycle.
   */
  readonly dialect?: Dialect;
  readonly schema: Schema<Config>;
  /** A block may have this many labels instead of a name: they are these attributes, and together its name. */
  readonly labels?: readonly string[];
  /** One sentence for the reference. */
  readonly doc: string;
  readonly outputs?: Outputs<Spec, Reserved>;
  lower(config: Config, context: LowerContext): Promise<Spec> | Spec;
  /** Claims addresses, before anything of the run starts, so that workloads can be told of each other. */
  reserve?(key: string, spec: Spec, context: ApplyContext, options: { ports: 'fixed' | 'auto' }): Promise<Reserved>;
  /**
   * Brings what runs from one spec to another without taking it away, if `canUpdate` said so. Returns the reservation of the
   * new one; it must be able to start again after a crash in its midst. When it resolves the new one is ready.
   */
  canUpdate?(before: Spec, after: Spec): boolean;
  update?(
    key: string,
    before: { readonly spec: Spec; readonly reserved: Reserved },
    after: Spec,
    context: ApplyContext,
    options: { readonly ports: 'fixed' | 'auto'; readonly signal: AbortSignal },
  ): Promise<Reserved>;
  /**
   * Starts it. Does not wait until it is ready: the guards do. `adopt`: an earlier agent created it already. What it resolves
   * with is kept in the journal, for `outputs`.
   */
  create(
    key: string,
    spec: Spec,
    reserved: Reserved,
    context: ApplyContext,
    options: { readonly adopt: boolean; readonly signal: AbortSignal },
  ): Promise<void> | Promise<Json>;
  guards(key: string, spec: Spec, reserved: Reserved, context: ApplyContext): readonly Guard[];
  /** Closes the ways in from outside, before anything of the same removal goes: what has come in may still need the others. */
  retreat?(key: string, spec: Spec, context: ApplyContext): void;
  /** Removes it, whatever of it exists. */
  destroy(key: string, spec: Spec, reserved: Reserved | undefined, context: ApplyContext): Promise<void>;
  /** False when something of it has given up or vanished, so that a run must make it again. */
  healthy?(spec: Spec, reserved: Reserved, context: ApplyContext): boolean;
  /** What others have in it goes with it, as registrations with their datacenter: not made anew while another blueprint needs it. */
  holdsOthers?(spec: Spec): boolean;
  /** Host ports that it will open on 127.0.0.1, without that of the agent's own API (`apiPort`) if it may be there as well. */
  hostPorts?(spec: Spec, apiPort?: number): readonly number[];
  /** Virtual addresses that it asks for: nobody else is given them as the next free one. */
  fixedAddresses?(spec: Spec): readonly string[];
  /** Names that others have for its address: `web.container.shipyard.run`. */
  names?(spec: Spec): readonly string[];
  /** What `output` shows. */
  output?(spec: Spec): unknown;
  /** Lowered before others of its type: they look for it among what has been lowered. */
  lowerFirst?(config: Config): boolean;
  /** Where among the others of its type it is lowered, from 0 to less than 1: later ones see what those before them are. */
  lowerOrder?(config: Config): number;
  /** Created only when what it depends on is ready, not merely started: it uses it at once. */
  readonly afterReady?: true;
  /** It says what others may do, or how they speak: in effect before they start, and until they are gone, unless it needs them. */
  readonly rules?: true;
  /** Lowered before all others: it provides files that they may read. */
  readonly makesFiles?: true;
  /**
   * Types whose resources are lowered earlier, though this one does not refer to them: `lower` looks for some of them in
   * `LowerContext.resources`.
   */
  readonly lowerAfter?: readonly string[];
  /** Called when everything is lowered: what this resource means for the specs of others. */
  amend?(spec: Spec, specs: Map<string, unknown>): void;
  /** Pages to open on a terminal once it is ready: `http://localhost:9090/ui`. */
  browse?(spec: Spec, reserved: Reserved): readonly string[];
}

/** How a block is written: `container "web" {}` or `resource "container" "web" {}`. */
export type Dialect = 'shipyard' | 'jumppad';

/** Erases the parameters: the engine passes a type only what came from it. */
export function resourceType<C, S, R>(type: ResourceType<C, S, R>): ResourceType {
  return type as unknown as ResourceType;
}
