import { AgentTypeRef } from '../enums/agent-type.ts';
import { LogLevelRef } from '../enums/log-level.ts';
import { AgentLogRef } from './refs.ts';

AgentLogRef.implement({
  description: "A line of a room's log.",
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "Opaque, and the same as its edge's cursor: passed as `after`, one reads on behind this line.",
    }),
    seq: t.exposeInt('seq', {
      description: "Its place in the room's log: 1, 2, 3 … without gaps, over all workflows.",
    }),
    timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it was written.' }),
    agentType: t.expose('agentType', { type: AgentTypeRef, description: 'Who wrote it.' }),
    level: t.expose('level', { type: LogLevelRef, description: 'What kind of news it is.' }),
    message: t.exposeString('message', { description: 'For a person.' }),
    metadata: t.expose('metadata', {
      type: 'JSON',
      nullable: true,
      description:
        'For a program: an object, or null. Lines of the orchestrator name their `event`; times end in `Ms`.',
    }),
    workflowId: t.exposeID('workflowId', { description: 'The workflow it belongs to.' }),
  }),
});
