import { decodeProtectedHeader } from 'jose';
import type { Identify } from '../orchestrator/ports/caller.ts';
import { ROOM_TOKEN_TYPE, type RoomTokens } from './room-tokens.ts';
import { unauthenticated } from './unauthenticated.ts';
import { LOCAL_VIEWER_ID, type VerifyViewerToken } from './viewer-tokens.ts';

/** Longer tokens are rejected without being decoded. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * Identifies the caller, in the same way for HTTP, SSE and WebSocket.
 * @param verifyViewer null: no token is required, and callers without one are the viewer `local`
 */
export function createIdentify(verifyViewer: VerifyViewerToken | null, roomTokens: RoomTokens): Identify {
  return async ({ authorization, urlToken = null }) => {
    if (authorization === null && urlToken !== null) {
      if (!isRoomToken(urlToken)) {
        throw unauthenticated(
          'Only a room token (createRoomToken) may be sent in the URL; send other tokens in the Authorization header',
        );
      }
      return roomTokens.verify(urlToken);
    }
    const token = bearerTokenOf(authorization);
    if (token !== null && isRoomToken(token)) return roomTokens.verify(token);
    if (verifyViewer === null) return { viewerId: LOCAL_VIEWER_ID };
    if (token === null) throw unauthenticated(NO_TOKEN);
    return verifyViewer(token);
  };
}

const NO_TOKEN =
  'Send a token as `Bearer <token>`, in the Authorization header or, over WebSocket, in connectionParams.authorization';

/** Null if there is no token: no header, an empty one, or another scheme. */
function bearerTokenOf(authorization: string | null): string | null {
  const token = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1] ?? null;
  if (token !== null && token.length > MAX_TOKEN_LENGTH) {
    throw unauthenticated(`The token is longer than ${MAX_TOKEN_LENGTH} characters`);
  }
  return token;
}

function isRoomToken(token: string): boolean {
  if (token.length > MAX_TOKEN_LENGTH) return false;
  try {
    return decodeProtectedHeader(token).typ === ROOM_TOKEN_TYPE;
  } catch {
    return false;
  }
}
