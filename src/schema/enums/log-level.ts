import { LOG_LEVELS } from '../../orchestrator/domain/log-line.ts';
import { builder } from '../builder.ts';
import { enumValues } from './enum-values.ts';

export const LogLevelRef = builder.enumType('LogLevel', {
  description: 'What kind of news a log line is.',
  values: enumValues(LOG_LEVELS, {
    info: 'Something began or goes on.',
    warn: 'Something went wrong and is tried again, or is worth knowing.',
    error: 'Something failed for good.',
    success: 'Something succeeded.',
  }),
});
