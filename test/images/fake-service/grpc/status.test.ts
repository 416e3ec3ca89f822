import { expect, it } from 'vitest';
import { describeError, GrpcError } from '../../../../src/images/fake-service/grpc/status.ts';

it('prints errors as grpc-go', () => {
  expect(describeError(new GrpcError('Unavailable', 'down'))).toBe('rpc error: code = Unavailable desc = down');
  expect(describeError(new GrpcError(500, 'x'))).toBe('rpc error: code = Code(500) desc = x');
});
