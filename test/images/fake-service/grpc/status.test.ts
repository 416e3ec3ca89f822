import { expect, it } from 'vitest';
import {
  codeOfHttpStatus,
  decodeGrpcMessage,
  describeError,
  encodeGrpcMessage,
  GrpcError,
} from '../../../../src/images/fake-service/grpc/status.ts';

it('prints errors as grpc-go', () => {
  expect(describeError(new GrpcError('Unavailable', 'down'))).toBe('rpc error: code = Unavailable desc = down');
  expect(describeError(new GrpcError(500, 'x'))).toBe('rpc error: code = Code(500) desc = x');
});

it('percent-encodes what is not printable ASCII', () => {
  const message = 'ä: 50 %\n"ok"';
  expect(encodeGrpcMessage(message)).toBe('%C3%A4: 50 %25%0A"ok"');
  expect(decodeGrpcMessage(encodeGrpcMessage(message))).toBe(message);
  expect(decodeGrpcMessage('50 %')).toBe('50 %');
});

it('reads HTTP statuses', () => expect([503, 404, 418].map(codeOfHttpStatus)).toEqual(['Unavailable', 'Unimplemented', 'Unknown']));
