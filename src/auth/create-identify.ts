import { decodeProtectedHeader } from 'jose';
import type { Identify } from '../orchestrator/ports/caller.ts';
import { ROOM_TOKEN_TYPE, type RoomTokens } from './room-tokens.ts';
import { unauthenticated } from './unauthenticated.ts';
import { LOCAL_VIEWER_ID, type VerifyViewerToken } from './viewer-tokens.ts';

/** Longer ones are refused unread. */
const MAX_TOKEN_LENGTH = 8_192;

/**
 * Who is asking, over HTTP, SSE and WebSocket alike.
 * @param verifyViewer null: nobody needs a token, and who brings none is the viewer `local`.
 */
export function createIdentify(verifyViewer: VerifyViewerToken | null, roomTokens: RoomTokens): Identify {
  return async ({ authorization, urlToken = null }) => {
    if (authorization === null && urlToken !== null) {
      if (!isRoomToken(urlToken)) {
        throw unauthenticated(
          'Only a room token (createRoomToken) may stand in an address; send any other in the Authorization header',
        );
      }
      return roomTokens.verify(urlToken);
    }
    const token = bearerOf(authorization);
    if (token !== null && isRoomToken(token)) return roomTokens.verify(token);
    if (verifyViewer === null) return { viewerId: LOCAL_VIEWER_ID };
    if (token === null) throw unauthenticated(MISSING);
    return verifyViewer(token);
  };
}

const MISSING =
  'Send a token as `Bearer <token>`, in the Authorization header or, over WebSocket, in connectionParams.authorization';

/** The token; null when there is none, as in an empty header or one of another scheme. */
function bearerOf(authorization: string | null): string | null {
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
