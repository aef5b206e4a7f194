import { RequestError } from '../../orchestrator/errors.ts';

/** Takes one of a key's places; null: all are taken. Calling the result gives it back. */
export type Quota = (key: string) => (() => void) | null;

/** @param places of each key; null: no end of them */
function createQuota(places: number | null): Quota {
  const taken = new Map<string, number>();
  return (key) => {
    const before = taken.get(key) ?? 0;
    if (places !== null && before >= places) return null;
    taken.set(key, before + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const left = (taken.get(key) ?? 1) - 1;
      if (left === 0) taken.delete(key);
      else taken.set(key, left);
    };
  };
}

/** Operations that one WebSocket may have open. */
export const MAX_OPERATIONS_PER_SOCKET = 500;
/** A WebSocket that did nothing for so long is closed, in ms. */
export const SOCKET_IDLE_MS = 10 * 60 * 1_000;
/** Behind one address there may be many viewers. */
const ADDRESS_FACTOR = 10;
/** Connections from one address: for as many WebSockets, as many streams, and as many requests beside them. */
const CONNECTION_FACTOR = 3 * ADDRESS_FACTOR;

/** What gives the place back; or, where all are taken, what is wrong, for a person, without a full stop. */
export type Place = (() => void) | { refusal: string };

type Places = { ofViewer(viewerId: string): Place; fromAddress(address: string): Place };

/** What is open at a time. */
export type SocketLimits = {
  /** Of an address from its opening on, of a viewer once it is known whose it is. */
  sockets: Places;
  /** Answers that go on: event streams, and logs that are downloaded. */
  streams: Places;
  /** Connections, whatever they are for, or for nothing at all. */
  connections: Pick<Places, 'fromAddress'>;
};

/** @param perViewer of each kind, to this process; null: no limits */
export function createSocketLimits(perViewer: number | null): SocketLimits {
  const most = (factor: number) => (perViewer === null ? null : perViewer * factor);
  const places = (what: string): Places => ({
    ofViewer: placesOf(createQuota(perViewer), perViewer, `${what} of one viewer`),
    fromAddress: placesOf(createQuota(most(ADDRESS_FACTOR)), most(ADDRESS_FACTOR), `${what} from one address`),
  });
  const connections = most(CONNECTION_FACTOR);
  return {
    sockets: places('WebSockets'),
    streams: places('event streams and downloads'),
    connections: { fromAddress: placesOf(createQuota(connections), connections, 'connections from one address') },
  };
}

function placesOf(quota: Quota, most: number | null, what: string): (key: string) => Place {
  const refusal = `${most?.toLocaleString('en')} ${what} are the most; one WebSocket can carry many operations`;
  return (key) => quota(key) ?? { refusal };
}

/** @throws {RequestError} RATE_LIMITED; otherwise what is taken is given back by the result */
export function takeStream({ streams }: SocketLimits, viewerId: string, address: string): () => void {
  const taken: (() => void)[] = [];
  const giveBack = () => {
    for (const give of taken) give();
  };
  for (const place of [streams.fromAddress(address), streams.ofViewer(viewerId)]) {
    if (typeof place === 'function') taken.push(place);
    else {
      giveBack();
      throw new RequestError('RATE_LIMITED', `${place.refusal}.`, { retryAfterMs: 1_000 });
    }
  }
  return giveBack;
}
