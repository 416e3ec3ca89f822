import { expect, it } from 'vitest';
import {
  decodeGrpcMessage,
  encodeGrpcMessage,
  GRPC_CODES,
  grpcCodeOfHttpStatus,
  httpStatusOfGrpcCode,
  isGrpcContentType,
  parseGrpcTimeout,
} from '../../src/base/grpc.ts';

it('percent-encodes what is not printable ASCII', () => {
  const message = 'ä: 50 %\n"ok"';
  expect(encodeGrpcMessage(message)).toBe('%C3%A4: 50 %25%0A"ok"');
  expect(decodeGrpcMessage(encodeGrpcMessage(message))).toBe(message);
  expect(decodeGrpcMessage('50 %')).toBe('50 %');
});

it('reads HTTP statuses', () => expect([503, 404, 418].map(grpcCodeOfHttpStatus)).toEqual(['Unavailable', 'Unimplemented', 'Unknown']));

it.each<[(typeof GRPC_CODES)[number], number]>([
  ['OK', 200],
  ['Canceled', 499],
  ['InvalidArgument', 400],
  ['DeadlineExceeded', 504],
  ['ResourceExhausted', 429],
  ['Unimplemented', 501],
  ['Internal', 500],
  ['Unavailable', 503],
  ['Unauthenticated', 401],
])('%s would be %d in HTTP', (name, status) => expect(httpStatusOfGrpcCode(String(GRPC_CODES.indexOf(name)))).toBe(status));
it.each(['', '17', 'x', '-1'])('a status %j that nobody knows would be 500', (code) => expect(httpStatusOfGrpcCode(code)).toBe(500));

it.each(['application/grpc', 'application/grpc+proto', 'Application/gRPC; charset=x'])('knows %s', (type) =>
  expect(isGrpcContentType(type)).toBe(true),
);
it.each(['application/grpc-web', 'application/json', ''])('does not take %j for gRPC', (type) =>
  expect(isGrpcContentType(type)).toBe(false),
);

it.each([
  ['1S', 1_000],
  ['2M', 120_000],
  ['1H', 3_600_000],
  ['250m', 250],
  ['1500u', 2],
  ['1n', 1],
  ['0m', 0],
])('reads a timeout of %s', (text, ms) => expect(parseGrpcTimeout(text)).toBe(ms));
it.each(['', '1', 'S', '1s', '-1S', '1.5S', '123456789S', ' 1S'])('does not take %j for a timeout', (text) =>
  expect(parseGrpcTimeout(text)).toBeUndefined(),
);
