import type { GraphiQLProps } from 'graphiql';
import { executedOperation, isLog } from './executed-operation.ts';
import { idsOf } from './fill-in.ts';
import { openLogView } from './log-view.ts';
import type { Panes } from './panes.ts';
import type { SubjectSource } from './subject.ts';
import {
  describeFailure,
  type Events,
  failed,
  type Headers,
  type Request,
  type Result,
  type Transport,
} from './transport.ts';

type Fetcher = GraphiQLProps['fetcher'];

const NO_ROOM = 'There is no room yet. Press Play in the tab Start first; this tab then shows the room that it starts.';
const NO_WORKFLOW =
  'Nothing has run in this room yet. Press Play in the tab Start first; this tab then shows the workflow that it starts.';

export type FetcherOptions = {
  transport: Transport;
  subject: SubjectSource;
  panes: Panes;
  /** The headers to send for those that the headers pane contains. */
  withToken: (headers: unknown) => Headers;
};

/** Sends what GraphiQL asks for. Ids that are empty stand for the newest room, and logs are shown line by line. */
export function createFetcher({ transport, subject, panes, withToken }: FetcherOptions): Fetcher {
  return async (params, options) => {
    const headers = withToken(options?.headers);
    const request: Request = { ...params, variables: params.variables ?? {} };
    if (params.operationName === 'IntrospectionQuery') return transport.request(request, headers);
    const operation = executedOperation(params.query, params.operationName);
    if (operation !== null) request.operationName = operation.name?.value;
    panes.showAsJson();
    const problem = await fillInIds(request, headers);
    if (problem !== null) return problem;
    if (operation?.operation === 'subscription') {
      const events = transport.subscribe(request, headers);
      return isLog(operation) ? openLogView(panes, events) : readable(events);
    }
    const result = await transport.request(request, headers).catch(describeFailure);
    noticeStart(result);
    return result;
  };

  async function fillInIds(request: Request, headers: Headers): Promise<Result | null> {
    const variables = { ...request.variables };
    const empty = idsOf(variables).filter((id) => variables[id] === '');
    if (empty.length === 0) return null;
    try {
      const found = subject.current.get() ?? (await subject.findNewest(headers));
      if (found === null) return failed(NO_ROOM);
      for (const id of empty) {
        // A room that was created without a workflow may have one by now.
        variables[id] = found[id] ?? (await subject.findNewest(headers))?.[id];
        if (!variables[id]) return failed(NO_WORKFLOW);
      }
    } catch (reason) {
      return describeFailure(reason);
    }
    request.variables = variables;
    return null;
  }

  /** After Start and Retry, the tabs are about what was started. */
  function noticeStart({ data }: Result): void {
    const { startWorkflow, retryWorkflow } = Object(data);
    const { room, workflow } = Object(startWorkflow ?? retryWorkflow);
    if (room?.id && workflow?.id) subject.started({ roomId: room.id, workflowId: workflow.id });
  }
}

/** Events as they come; if the subscription fails, a last one that says why. */
function readable(events: Events): Events {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => events.next().catch((reason: unknown) => Promise.reject(describeFailure(reason).errors)),
    return: async () => (await events.return?.()) ?? { value: undefined, done: true },
  };
}
