import type { Result } from '../../base/result.ts';
import { argument, type Block, blockOf, blocksOf, numberOf, textOf } from './arguments.ts';

export const FAULT_INJECTION = 'builtin/fault-injection';

/** Faults of Consul Enterprise, with the header conditions of Envoy's HTTPFault. */
export interface FaultInjection {
  readonly delay?: { readonly durationMs: number; readonly percentage: number };
  readonly abort?: { readonly httpStatus?: number; readonly grpcStatus?: number; readonly percentage: number };
  /** All must hold; none: every request. */
  readonly headers: readonly FaultHeader[];
}

export interface FaultHeader {
  /** Lower case; `:path` and `:method` are those of the request. */
  readonly name: string;
  readonly type: 'present' | 'exact' | 'prefix' | 'suffix' | 'contains' | 'regex';
  readonly value: string;
  readonly invert: boolean;
}

const WAYS = ['Exact', 'Prefix', 'Suffix', 'Contains', 'Regex'] as const;

export function readFaultInjection(args: Block): Result<FaultInjection, string[]> {
  const errors: string[] = [];
  const config = blockOf(argument(args, 'Config'));
  if (!config) return { ok: false, error: ['Config is required'] };
  const delay = blockOf(argument(config, 'Delay'));
  const abort = blockOf(argument(config, 'Abort'));
  if (!delay && !abort) errors.push('one of Config.Delay and Config.Abort is required');
  if (argument(config, 'BandwidthLimit') !== undefined) errors.push('Config.BandwidthLimit is not supported');
  const fault: FaultInjection = {
    ...(delay ? { delay: readDelay(delay, errors) } : {}),
    ...(abort ? { abort: readAbort(abort, errors) } : {}),
    headers: blocksOf(argument(config, 'Headers')).map((header, i) => readHeader(header, i, errors)),
  };
  return errors.length > 0 ? { ok: false, error: errors } : { ok: true, value: fault };
}

function readDelay(delay: Block, errors: string[]): NonNullable<FaultInjection['delay']> {
  const durationMs = numberOf(argument(delay, 'Duration')) ?? 0;
  if (durationMs <= 0) errors.push('Config.Delay.Duration must be a number of milliseconds greater than 0');
  return { durationMs, percentage: readPercentage(delay, 'Delay', errors) };
}

function readAbort(abort: Block, errors: string[]): NonNullable<FaultInjection['abort']> {
  const http = numberOf(argument(abort, 'HttpStatus'));
  const grpc = numberOf(argument(abort, 'GrpcStatus'));
  if ((http === undefined) === (grpc === undefined)) errors.push('Config.Abort needs either HttpStatus or GrpcStatus');
  // Envoy: 200 to 599.
  if (http !== undefined && !(Number.isInteger(http) && http >= 200 && http <= 599))
    errors.push('Config.Abort.HttpStatus must be between 200 and 599');
  if (grpc !== undefined && !(Number.isInteger(grpc) && grpc >= 0 && grpc <= 16))
    errors.push('Config.Abort.GrpcStatus must be between 0 and 16');
  return {
    ...(http === undefined ? {} : { httpStatus: http }),
    ...(grpc === undefined ? {} : { grpcStatus: grpc }),
    percentage: readPercentage(abort, 'Abort', errors),
  };
}

function readPercentage(from: Block, block: string, errors: string[]): number {
  const percentage = numberOf(argument(from, 'Percentage')) ?? 0;
  if (percentage < 0 || percentage > 100) errors.push(`Config.${block}.Percentage must be between 0 and 100`);
  return percentage;
}

/** As in a service-router: one way to compare, or presence. */
function readHeader(header: Block, i: number, errors: string[]): FaultHeader {
  const name = textOf(argument(header, 'Name')).toLowerCase();
  const ways = WAYS.filter((way) => textOf(argument(header, way)) !== '');
  if (name === '') errors.push(`Config.Headers[${i}].Name is required`);
  if (ways.length > 1) errors.push(`Config.Headers[${i}] should only contain one of Present, ${WAYS.join(', ')}`);
  const [way] = ways;
  return {
    name,
    type: way ? (way.toLowerCase() as FaultHeader['type']) : 'present',
    value: way ? textOf(argument(header, way)) : '',
    invert: argument(header, 'Invert') === true,
  };
}
