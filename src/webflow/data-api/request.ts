import type * as z from "zod";
import type { CallContext } from "../../core/call-context.js";
import type { Pacer } from "../rate-limit/pacing.js";
import { createRedaction } from "../wire/answer-text.js";
import { type RetryPolicy, withRetries } from "../wire/retry.js";
import {
  describeAnswer,
  mayHaveTakenEffect,
  missingToken,
  redirectedElsewhere,
  refusedByWebflow,
  type Subject,
  transienceOf,
  unreadableAnswer,
} from "./error-mapping.js";
import { type Answer, exchange, type SdkConnection, type SdkRequest } from "./exchange.js";
import { logOddities, odditiesOf } from "./oddities.js";

/** A request to the Data API, and what its answer should look like. */
export interface DataApiRequest<Schema extends z.ZodType> extends SdkRequest {
  /** For the log. */
  readonly name: string;
  readonly subject: Subject;
  readonly schema: Schema;
  /** Whether it is sent only once: what it may have done has to be looked up before it is sent again. */
  readonly isSentOnce?: boolean;
  /** Called for each attempt that may have taken effect although no answer confirmed it, with its failure. */
  readonly onUncertain?: (failure: unknown) => void;
}

/** Sends a request when its turn has come, retries it where that may help, and reads the answer. */
export type SendRequest = <Schema extends z.ZodType>(
  call: CallContext,
  request: DataApiRequest<Schema>,
) => Promise<z.output<Schema>>;

export interface RequestSettings extends SdkConnection {
  readonly token: string | undefined;
  readonly tokenProblem?: string | undefined;
  readonly pacer: Pacer;
  readonly retryPolicy: RetryPolicy;
}

type Redaction = ReturnType<typeof createRedaction>;

/** The only way to the Data API. Throws an `AssetError`, a `WebflowFailure` if Webflow itself failed or refused. */
export function createRequestSender(settings: RequestSettings): SendRequest {
  const { token, tokenProblem, pacer, retryPolicy } = settings;
  const withoutSecrets = createRedaction(token ?? "");

  return (call, request) => {
    const attempt = async () => {
      try {
        if (token === undefined) throw missingToken(tokenProblem);
        const answer = await pacer.run(call, () => exchangeSafely(settings, withoutSecrets, call, request));
        call.log.debug(`${request.name}: ${answer.status}`);
        const result = read(answer, request, withoutSecrets);
        logOddities(odditiesOf(answer.body, result), call.log);
        return result;
      } catch (error) {
        if (mayHaveTakenEffect(error)) request.onUncertain?.(error);
        throw error;
      }
    };
    return request.isSentOnce ? attempt() : withRetries(call, retryPolicy, attempt, transienceOf);
  };
}

/** Error answers are cleared of secrets here. */
async function exchangeSafely(
  connection: SdkConnection,
  withoutSecrets: Redaction,
  call: CallContext,
  request: SdkRequest,
): Promise<Answer> {
  const answer = await exchange(connection, call, request);
  if (answer.status < 300) return answer;
  const body = withoutSecrets(answer.body);
  return { ...answer, body, said: describeAnswer(answer.status, body) };
}

function read<Schema extends z.ZodType>(
  answer: Answer,
  { schema, subject }: DataApiRequest<Schema>,
  withoutSecrets: Redaction,
): z.output<Schema> {
  if (answer.status >= 300 && answer.status < 400) {
    const location = String(withoutSecrets(answer.headers.get("location") ?? ""));
    throw redirectedElsewhere(answer.status, location);
  }
  if (answer.status >= 300) throw refusedByWebflow(answer, subject);
  const parsed = schema.safeParse(answer.body);
  if (!parsed.success) throw unreadableAnswer(answer.status, withoutSecrets(answer.body));
  return parsed.data;
}
