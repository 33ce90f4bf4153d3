import { Readable } from 'node:stream'
import { begun } from '../../../lib/begun.ts'
import { parseJson } from '../../../lib/parse-json.ts'
import { eventFrame, eventStreamType, exceptionFrame } from '../../../wire/event-stream.ts'
import {
  type AnswerContext,
  type BodyCodec,
  type DialectAnswer,
  type DialectPart,
  type DialectRequest,
} from '../../../wire/dialect-request.ts'
import { converseEvents, readConverse, writeConverse } from '../../../wire/bodies/converse.ts'
import type { JsonValue } from '../../../lib/canonical-json.ts'
import { AwsError, type AwsReply, type AwsRequest } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { validationError } from '../bedrock-error.ts'
import { readJson } from '../read-input.ts'
import { gathering, offeredTools } from '../../answer/answer-parts.ts'
import type { InvocationNote } from '../../answer/invocation-note.ts'
import { decisionHeaders, withDecide } from '../../answer/label-decision.ts'
import { observeAnswer } from '../../answer/observe-answer.ts'
import { answerParts, toRuntimeError, wholeAnswer } from './answer-parts.ts'
import { codecOf } from './body-codecs.ts'
import { errorCodeOf, logged, type RuntimeOperation } from './log-invocation.ts'
import { readConverseSettings, settingsHeaders, type ConverseSettings } from './runtime-settings.ts'
import { runtimeTarget, type RuntimeTarget } from './runtime-target.ts'

/** Largest body of `InvokeModel`, in bytes. */
const largestBody = 25_000_000

export const invokeModel: RuntimeOperation = logged(
  'InvokeModel',
  async (context, request, modelId, note) => {
    const settings = settingsHeaders(request)
    const { target, codec, asked, answer } = await prepare(context, request, modelId, note)
    const whole = await wholeAnswer(observed(context, request, modelId, target, asked))
    const output = codec.write(whole, answer)
    note.end(output, whole.usage)
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        ...(await answerHeaders(context, target, asked)),
        ...settings,
        'x-amzn-bedrock-invocation-latency': String(Math.round(answer.elapsed())),
        'x-amzn-bedrock-input-token-count': String(whole.usage.inputTokens),
        'x-amzn-bedrock-output-token-count': String(whole.usage.outputTokens),
      },
      body: JSON.stringify(output),
    }
  },
)

export const invokeModelWithResponseStream: RuntimeOperation = logged(
  'InvokeModelWithResponseStream',
  async (context, request, modelId, note) => {
    const settings = settingsHeaders(request)
    const { target, codec, asked, answer } = await prepare(context, request, modelId, note)
    const parts = await begun(observed(context, request, modelId, target, asked))
    async function* frames(): AsyncGenerator<Uint8Array> {
      let usage = { inputTokens: 0, outputTokens: 0 }
      const watched = gathering(parts, (whole) => (usage = whole.usage))
      for await (const event of codec.stream(watched, answer)) {
        note.event(event)
        yield eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') })
      }
      note.endOfEvents(usage)
    }
    return streamReply(
      frames(),
      { request, note },
      {
        ...(await answerHeaders(context, target, asked)),
        ...settings,
        'x-amzn-bedrock-content-type': 'application/json',
      },
    )
  },
)

export const converse: RuntimeOperation = logged('Converse', async (context, request, modelId, note) => {
  const started = context.now()
  const target = await runtimeTarget(context, request, modelId)
  const { settings, ...asked } = await readRequest(request, note, readConversation)
  const whole = await wholeAnswer(observed(context, request, modelId, target, asked))
  const output = converseOutput(whole, settings, context.now() - started)
  note.end(output, whole.usage)
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...(await answerHeaders(context, target, asked)) },
    body: JSON.stringify(output),
  }
})

export const converseStream: RuntimeOperation = logged(
  'ConverseStream',
  async (context, request, modelId, note) => {
    const started = context.now()
    const target = await runtimeTarget(context, request, modelId)
    const { settings, ...asked } = await readRequest(request, note, readConversation)
    const parts = await begun(observed(context, request, modelId, target, asked))
    const elapsed = (): number => context.now() - started
    async function* frames(): AsyncGenerator<Uint8Array> {
      // The log has the answer as `Converse` gives it.
      const watched = gathering(parts, (whole) =>
        note.end(converseOutput(whole, settings, elapsed()), whole.usage),
      )
      for await (const [type, payload] of converseEvents(watched, { elapsed, ...settings })) {
        yield eventFrame(type, payload)
      }
    }
    return streamReply(frames(), { request, note }, await answerHeaders(context, target, asked))
  },
)

const converseOutput = (
  answer: DialectAnswer,
  { told, fieldsOf }: ConverseSettings,
  latencyMs: number,
): object => ({ ...writeConverse(answer), ...fieldsOf(answer), ...told, metrics: { latencyMs } })

/** A request of `Converse` or `ConverseStream`. @throws BodyFault */
const readConversation = (body: JsonValue): DialectRequest & { readonly settings: ConverseSettings } => ({
  ...readConverse(body),
  settings: readConverseSettings(body),
})

export const countTokens: RuntimeOperation = async (context, request, modelId) => {
  const target = await runtimeTarget(context, request, modelId)
  const input = (await readJson(request, largestBody)) as {
    readonly input?: { readonly invokeModel?: { readonly body?: unknown }; readonly converse?: unknown }
  }
  const { invokeModel: invoke, converse: conversation } = input.input ?? {}
  try {
    const asked =
      conversation === undefined
        ? requireCodec(target).read(parseBody(invoke?.body))
        : readConverse(conversation)
    return {
      status: 200,
      headers: { 'content-type': 'application/json', ...targetHeaders(target) },
      body: JSON.stringify({
        inputTokens: await countInput(context, target, asked, request.signal),
      }),
    }
  } catch (error) {
    throw toRuntimeError(error)
  }
}

/** Tokens of the prompt as the model will be given it. */
const countInput = (
  { inference }: BedrockContext,
  target: RuntimeTarget,
  asked: DialectRequest,
  signal: AbortSignal,
): Promise<number> => inference.countTokens(target, { ...asked, tools: offeredTools(asked) }, signal)

function parseBody(body: unknown): unknown {
  if (typeof body !== 'string') throw validationError('input.invokeModel.body or input.converse is required')
  try {
    return parseJson(Buffer.from(body, 'base64').toString('utf8'))
  } catch {
    throw validationError('input.invokeModel.body is not the base64 of a JSON document')
  }
}

interface Prepared {
  readonly target: RuntimeTarget
  readonly codec: BodyCodec
  readonly asked: DialectRequest
  readonly answer: AnswerContext
}

async function prepare(
  context: BedrockContext,
  request: AwsRequest,
  modelId: string,
  note: InvocationNote,
): Promise<Prepared> {
  const started = context.now()
  const target = await runtimeTarget(context, request, modelId)
  const codec = requireCodec(target)
  const asked = await readRequest(request, note, (body) => codec.read(body))
  let inputTokens = 0
  try {
    inputTokens = await countInput(context, target, asked, request.signal)
  } catch (error) {
    throw toRuntimeError(error)
  }
  return {
    target,
    codec,
    asked,
    answer: {
      id: `bdrk_${request.id.replaceAll('-', '').slice(0, 24)}`,
      model: target.baseIdentifier,
      inputTokens: () => inputTokens,
      elapsed: () => context.now() - started,
    },
  }
}

export function requireCodec({ baseIdentifier }: Pick<RuntimeTarget, 'baseIdentifier'>): BodyCodec {
  const codec = codecOf(baseIdentifier)
  if (codec === undefined) {
    throw validationError(
      `The body of ${baseIdentifier} is not read by InvokeModel on this server; use Converse.`,
    )
  }
  return codec
}

async function readRequest<Read extends DialectRequest>(
  request: AwsRequest,
  note: InvocationNote,
  read: (body: JsonValue) => Read,
): Promise<Read> {
  try {
    const body = await readJson(request, largestBody)
    const asked = withDecide(read(body), request.headers)
    note.read(body, asked)
    return asked
  } catch (error) {
    throw toRuntimeError(error)
  }
}

/** Told to the client: Hone never pretends that the local model is the one that was named. */
const targetHeaders = ({ localBase }: RuntimeTarget): Record<string, string> => ({
  'x-hone-base-model': localBase,
})

/** The same, with how the answer was decided. */
const answerHeaders = async (
  { inference }: BedrockContext,
  target: RuntimeTarget,
  asked: DialectRequest,
): Promise<Record<string, string>> => ({
  ...targetHeaders(target),
  ...(await decisionHeaders(inference, target, asked)),
})

/** The answer's parts; the log, metrics and traces learn of its tokens. */
function observed(
  context: BedrockContext,
  { facts, signal, identity }: AwsRequest,
  requested: string,
  target: RuntimeTarget,
  asked: DialectRequest,
): AsyncGenerator<DialectPart> {
  // Those that share a key take a turn together.
  const parts = answerParts(context, target, asked, signal, identity.keyId)
  return observeAnswer(parts, facts, { requested, model: target.homeId, now: context.now })
}

function streamReply(
  frames: AsyncIterable<Uint8Array>,
  { request, note }: { readonly request: AwsRequest; readonly note: InvocationNote },
  headers: Record<string, string>,
): AwsReply {
  async function* guarded(): AsyncGenerator<Uint8Array> {
    let isGiven = false
    try {
      for await (const frame of frames) {
        isGiven = true
        yield frame
        isGiven = false
      }
    } catch (error) {
      // Thrown into the generator by a reader that goes.
      if (isGiven) return
      note.fail(errorCodeOf(error), request.signal)
      const known =
        error instanceof AwsError ? error.message : 'The model stopped while it answered. Try again.'
      yield exceptionFrame('modelStreamErrorException', known)
    } finally {
      note.leave()
    }
  }
  return {
    status: 200,
    headers: { 'content-type': eventStreamType, ...headers },
    body: Readable.from(guarded(), { objectMode: false }),
  }
}
