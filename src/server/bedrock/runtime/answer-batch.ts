import { randomUUID } from 'node:crypto'
import { HoneError } from '../../../core/errors.ts'
import type { JsonObject } from '../../../core/example.ts'
import type { AnswerRow, BatchJob, RowAnswer } from '../../../service/batch/batch-job.ts'
import { readConverse, writeConverse } from '../../../wire/bodies/converse.ts'
import type { DialectAnswer, DialectRequest } from '../../../wire/dialect-request.ts'
import { InvocationNote } from '../../answer/invocation-note.ts'
import { tryAgain } from '../../answer/try-again.ts'
import { AwsError } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import type { KeptBatch } from '../control/batch-jobs.ts'
import { answerParts, toRuntimeError, wholeAnswer } from './answer-parts.ts'
import { requireCodec } from './invoke-model.ts'
import { errorCodeOf } from './log-invocation.ts'
import { batchTarget, type RuntimeTarget } from './runtime-target.ts'

/**
 * What answers the records of a batch job.
 *
 * @param onFailure told of what is nobody's fault but the server's; the record gets a generic error
 */
export function openBatchModel(
  context: BedrockContext,
  onFailure: (error: unknown, job: string) => void,
): (job: BatchJob) => Promise<AnswerRow> {
  return async ({ id, spec }) => {
    const target = await batchTarget(context, spec.modelId).catch((error: unknown) => {
      throw error instanceof AwsError
        ? new HoneError('E_MODEL_UNKNOWN', error.message, { cause: error })
        : error
    })
    const kept = spec.dialect as unknown as KeptBatch
    const form = forms[kept.modelInvocationType]
    return async (body, signal) => {
      const { region, account, identity, modelInvocationType: operation } = kept
      const requestId = randomUUID()
      const asked = { requestId, region, account, identity, operation, modelId: spec.modelId }
      const note = await InvocationNote.begin(context, asked)
      return tryAgain(() => answerOnce(context, { target, form, body, requestId, note }, signal), {
        signal,
        isPassing: (error) => error instanceof AwsError && isPassing(error),
        giveUp(error) {
          const known = error instanceof AwsError ? error : undefined
          if (known === undefined) onFailure(error, id)
          note.fail(errorCodeOf(error), signal)
          const { status: code, message } = known ?? {
            status: 500,
            message: 'The server failed; its log says why.',
          }
          return { error: { code, message } }
        },
      })
    }
  }
}

const isPassing = ({ status }: AwsError): boolean => status === 424 || status === 429 || status >= 500

interface BatchForm {
  read(target: RuntimeTarget, body: JsonObject): DialectRequest
  write(
    target: RuntimeTarget,
    answer: DialectAnswer,
    timed: { readonly id: string; readonly elapsed: () => number },
  ): object
}

const forms: Readonly<Record<KeptBatch['modelInvocationType'], BatchForm>> = {
  InvokeModel: {
    read: (target, body) => requireCodec(target).read(body),
    write: (target, answer, timed) =>
      requireCodec(target).write(answer, {
        ...timed,
        model: target.baseIdentifier,
        inputTokens: () => answer.usage.inputTokens,
      }),
  },
  Converse: {
    read: (_, body) => readConverse(body),
    write: (_, answer, { elapsed }) => ({
      ...writeConverse(answer),
      metrics: { latencyMs: Math.round(elapsed()) },
    }),
  },
}

async function answerOnce(
  context: BedrockContext,
  {
    target,
    form,
    body,
    requestId,
    note,
  }: {
    readonly target: RuntimeTarget
    readonly form: BatchForm
    readonly body: JsonObject
    readonly requestId: string
    readonly note: InvocationNote
  },
  signal: AbortSignal,
): Promise<RowAnswer> {
  const started = context.now()
  const request = read(form, target, body)
  note.read(body, request)
  const answer = await wholeAnswer(answerParts(context, target, request, signal))
  const output = form.write(target, answer, {
    id: `bdrk_${requestId.replaceAll('-', '').slice(0, 24)}`,
    elapsed: () => context.now() - started,
  })
  note.end(output, answer.usage)
  return { output, ...answer.usage }
}

function read(form: BatchForm, target: RuntimeTarget, body: JsonObject): DialectRequest {
  try {
    return form.read(target, body)
  } catch (error) {
    throw toRuntimeError(error)
  }
}
