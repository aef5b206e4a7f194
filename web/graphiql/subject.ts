import { createStore, type Store } from '../shared/store.ts';
import type { Subject } from './fill-in.ts';
import type { Headers, Transport } from './transport.ts';

const NEWEST = `query Newest {
  viewer {
    rooms(first: 1) {
      edges {
        node {
          id
          latestWorkflow {
            id
          }
        }
      }
    }
  }
}`;

type Newest = {
  viewer: { rooms: { edges: { node: { id: string; latestWorkflow: { id: string } | null } }[] } };
};

export type SubjectSource = {
  current: Store<Subject | null>;
  /**
   * The viewer's newest room, which becomes the subject; null: there is none.
   * @throws what the API answers instead, such as UNAUTHENTICATED
   */
  findNewest(headers: Headers): Promise<Subject | null>;
  /** The room and workflow that were started. */
  started(subject: Subject): void;
};

/** The address may name a room after its `#`, where no log of a server has it. */
export function subjectOfAddress(hash: string): Subject | null {
  const params = new URLSearchParams(hash.slice(1));
  const roomId = params.get('room');
  return roomId ? { roomId, workflowId: params.get('workflow') } : null;
}

export function createSubjectSource(transport: Transport): SubjectSource {
  const current = createStore<Subject | null>(subjectOfAddress(location.hash));
  return {
    current,
    async findNewest(headers) {
      const { data, errors } = await transport.request({ query: NEWEST, operationName: 'Newest' }, headers);
      if (!data) throw errors;
      const [edge] = (data as Newest).viewer.rooms.edges;
      if (edge === undefined) return null;
      const { id, latestWorkflow } = edge.node;
      const subject = { roomId: id, workflowId: latestWorkflow?.id ?? null };
      current.set(subject);
      return subject;
    },
    started(subject) {
      current.set(subject);
      // The address named another room.
      if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
    },
  };
}
