import { jwtVerify, SignJWT } from 'jose';
import { isUuid } from '../orchestrator/domain/cursor.ts';
import type { Caller, IssueRoomToken } from '../orchestrator/ports/caller.ts';
import { rejectedToken, unauthenticated } from './unauthenticated.ts';

/** The `typ` header, which distinguishes room tokens from viewer tokens before they are verified. */
export const ROOM_TOKEN_TYPE = 'room+jwt';

const VERIFY_OPTIONS = {
  algorithms: ['HS256'],
  typ: ROOM_TOKEN_TYPE,
  requiredClaims: ['exp', 'sub', 'room'],
};

export type RoomTokens = {
  issue: IssueRoomToken;
  /** @throws {RequestError} UNAUTHENTICATED */
  verify(token: string): Promise<Caller>;
};

/** @param key 32 random bytes, known to all processes of the service and to nobody else */
export function createRoomTokens(key: Uint8Array): RoomTokens {
  return {
    async issue(viewerId, roomId, ttlSeconds) {
      const expiresAt = Math.floor(Date.now() / 1_000) + ttlSeconds;
      const token = await new SignJWT({ room: roomId })
        .setProtectedHeader({ alg: 'HS256', typ: ROOM_TOKEN_TYPE })
        .setSubject(viewerId)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt: new Date(expiresAt * 1_000) };
    },
    async verify(token) {
      const { payload } = await jwtVerify(token, key, VERIFY_OPTIONS).catch((error: unknown) => {
        throw rejectedToken(error);
      });
      const { sub = '', exp = 0, room } = payload;
      if (typeof room !== 'string' || !isUuid(room)) throw unauthenticated('The token does not name a room');
      return { viewerId: sub, onlyRoomId: room, expiresAtMs: exp * 1_000 };
    },
  };
}
