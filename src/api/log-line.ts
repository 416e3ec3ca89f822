/** A line of `GET /v1/mesh/logs/:service`: what a workload has written. */
export interface LogLine {
  /** Name of the workload. */
  readonly workload: string;
  readonly line: string;
}
