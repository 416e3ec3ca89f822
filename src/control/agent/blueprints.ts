import type { BlueprintOrder, BlueprintProgress, Blueprints, BlueprintVerb } from '../../api/blueprints.ts';

/** Blueprints of the process around the control plane: which there are, and the commands of the command line for one. */
export interface BlueprintHost {
  list(): Promise<Blueprints>;
  /** Ends the command at the signal. What it is told to work on must be in the listing: throws an Error that says so otherwise. */
  order(verb: BlueprintVerb, order: BlueprintOrder, signal: AbortSignal): Promise<AsyncIterable<BlueprintProgress>>;
}

/** There is no such blueprint in the listing. */
export class UnknownBlueprint extends Error {}
