import { AGENT_ERROR_CODES } from '../../orchestrator/domain/failure.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const AgentErrorCodeRef = builder.enumType('AgentErrorCode', {
  description: 'Why an attempt failed.',
  values: enumValues(AGENT_ERROR_CODES, {
    TIMEOUT: "The agent's answer was not complete within the time an attempt may take.",
    CONNECTION: 'The agent could not be reached, or the connection broke before its answer was complete.',
    HTTP_STATUS: 'The agent answered with an HTTP status other than 200, redirects included; see `httpStatus`.',
    BAD_RESPONSE:
      'The agent answered, but not with what it has to: not JSON, too large, cut short, a needed field missing.',
    REFUSED: 'The agent itself said no.',
    INTERRUPTED: 'The process that made the call died.',
  }),
});
