import { setMaxListeners } from "node:events";
import type { Answer, AskingCall, Question } from "../../src/core/call-context.js";
import { createLogger } from "../../src/core/logger.js";

/** A call that nobody cancels, that has a minute and cannot ask, with whatever a test wants different. */
export function callContext(overrides: Partial<AskingCall> = {}): AskingCall {
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return {
    id: "test",
    signal,
    deadline: Date.now() + 60_000,
    log: createLogger("silent"),
    progress: () => {},
    canAsk: false,
    ask: async () => "unavailable",
    ...overrides,
  };
}

/** A call whose user answers every question like this, and what was asked. */
export function answeringCall(answer: Answer): { call: AskingCall; questions: Question[] } {
  const questions: Question[] = [];
  const ask = async (question: Question): Promise<Answer> => {
    questions.push(question);
    return answer;
  };
  return { call: callContext({ canAsk: answer !== "unavailable", ask }), questions };
}
