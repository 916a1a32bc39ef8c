import { timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header holds the token, told in the same time whatever it holds. */
export function isBearer(token: string, authorization: string | undefined): boolean {
  const expected = Buffer.from(`Bearer ${token}`);
  const given = Buffer.from(authorization ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
