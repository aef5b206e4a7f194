/** Who sends a request, or holds a WebSocket. */
export type Caller = {
  viewerId: string;
  /** Set for a room token: this room of the viewer's can be read, and nothing else is there. */
  onlyRoomId?: string;
  /** When the token ends, in ms since the epoch; what is still open then is ended. Absent: never. */
  expiresAtMs?: number;
};

/** What a client says about itself; a WebSocket's comes from connectionParams, or else from its upgrade request. */
export type Credentials = {
  /** `Bearer <token>` */
  authorization: string | null;
  /** From the query of a GET: a room token, for clients that cannot send headers. Never a viewer's token. */
  urlToken?: string | null;
};

/**
 * Asked once for each HTTP request and once for each WebSocket.
 * @throws {RequestError} UNAUTHENTICATED: HTTP and SSE answer 401, a WebSocket closes with 4403.
 */
export type Identify = (credentials: Credentials) => Promise<Caller>;

/** Whose viewers' tokens are taken. */
export type TokenIssuer = {
  /** The secret of HS256 as text, or where the issuer publishes its keys. */
  keys: { secret: string } | { jwksUrl: string };
  /** What `iss` must be; null: anything. */
  issuer: string | null;
  /** What `aud` must be, or hold; null: anything. */
  audience: string | null;
};

/** A token that shows one room, read only, for a while. */
export type RoomToken = { token: string; expiresAt: Date };

/** Makes a room token. That the room is the viewer's was checked before. */
export type IssueRoomToken = (viewerId: string, roomId: string, ttlSeconds: number) => Promise<RoomToken>;
