/** Who sent a request or opened a WebSocket. */
export type Caller = {
  viewerId: string;
  /** Set for a room token: only this room of the viewer can be read. */
  onlyRoomId?: string;
  /** When the token expires, in ms since the epoch; connections are closed then. Absent: never. */
  expiresAtMs?: number;
};

/** What a client sends to identify itself. For a WebSocket: connectionParams, or else the upgrade request. */
export type Credentials = {
  /** `Bearer <token>` */
  authorization: string | null;
  /** From the query of a GET request: a room token, for clients that cannot send headers. */
  urlToken?: string | null;
};

/**
 * Called once per HTTP request and once per WebSocket.
 * @throws {RequestError} UNAUTHENTICATED: HTTP and SSE respond with 401, a WebSocket is closed with 4403
 */
export type Identify = (credentials: Credentials) => Promise<Caller>;

/** The issuer of the viewer tokens that are accepted. */
export type TokenIssuer = {
  /** The HS256 secret as text, or the URL of the issuer's public keys. */
  keys: { secret: string } | { jwksUrl: string };
  /** The required `iss`; null: any. */
  issuer: string | null;
  /** What `aud` must equal or contain; null: any. */
  audience: string | null;
};

/** A token that gives read-only access to one room until it expires. */
export type RoomToken = { token: string; expiresAt: Date };

/** Creates a room token. The caller has checked that the room belongs to the viewer. */
export type IssueRoomToken = (viewerId: string, roomId: string, ttlSeconds: number) => Promise<RoomToken>;
