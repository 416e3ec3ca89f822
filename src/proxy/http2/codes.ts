// Numbers of RFC 9113. Node has them, too; written out, so that node:http2 is loaded by the first connection that speaks it.

/** A flag of DATA and HEADERS, section 6. */
export const FLAG_END_STREAM = 0x1;

export const NO_ERROR = 0x0;
export const PROTOCOL_ERROR = 0x1;
export const REFUSED_STREAM = 0x7;
export const CANCEL = 0x8;

/** By code, RFC 9113 section 7. */
const ERRORS = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const;

export function errorName(code: number): string {
  return ERRORS[code] ?? `error ${code}`;
}
