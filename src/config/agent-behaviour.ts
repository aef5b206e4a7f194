import type { AgentBehaviour } from '../built-in-agents/behaviour.ts';
import { textOf } from './value-schemas.ts';

const PARTS: Record<string, (text: string | undefined) => AgentBehaviour | undefined> = {
  delay: (text) => counted(text, (delayMs) => ({ delayMs })),
  fail: (text) => counted(text, (failTimes) => ({ failTimes })),
  hang: (text) => (text === undefined ? { hang: true } : undefined),
  garbage: (text) => (text === undefined ? { garbage: true } : undefined),
};

function counted(text: string | undefined, make: (count: number) => AgentBehaviour): AgentBehaviour | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? make(Number(text)) : undefined;
}

/** For example `fail=2,delay=500`. */
export const agentBehaviour = textOf('any of delay=MS, fail=TIMES, hang and garbage, separated by commas', (text) => {
  const parts = text.split(',').map((part) => {
    const [name = '', value, ...rest] = part.trim().split('=');
    return rest.length === 0 && Object.hasOwn(PARTS, name) ? PARTS[name]?.(value) : undefined;
  });
  if (parts.some((part) => part === undefined)) return undefined;
  return Object.assign({}, ...parts) as AgentBehaviour;
});
