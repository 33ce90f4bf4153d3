import { Readable } from 'node:stream'
import { eventFrame, eventStreamType, exceptionFrame } from '../../../wire/event-stream.ts'
import {
  type AnswerContext,
  type BodyCodec,
  type DialectPart,
  type DialectRequest,
} from '../../../wire/dialect-request.ts'
import { converseEvents, readConverse, writeConverse } from '../../../wire/bodies/converse.ts'
import { AwsError, type AwsReply, type AwsRequest } from '../../aws/aws-request.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { validationError } from '../bedrock-error.ts'
import { readJson } from '../read-input.ts'
import { answerParts, toRuntimeError, wholeAnswer } from './answer-parts.ts'
import { codecOf } from './body-codecs.ts'
import { runtimeTarget, type RuntimeTarget } from './runtime-target.ts'

/** Largest body of `InvokeModel`, in bytes. */
const largestBody = 25_000_000

/** An operation of the runtime. */
export type RuntimeOperation = (
  context: BedrockContext,
  request: AwsRequest,
  modelId: string,
) => Promise<AwsReply>

export const invokeModel: RuntimeOperation = async (context, request, modelId) => {
  const { target, codec, asked, answer } = await prepare(context, request, modelId)
  const whole = await wholeAnswer(answerParts(context, target, asked, request.signal))
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      ...targetHeaders(target),
      'x-amzn-bedrock-invocation-latency': String(Math.round(answer.elapsed())),
      'x-amzn-bedrock-input-token-count': String(whole.usage.inputTokens),
      'x-amzn-bedrock-output-token-count': String(whole.usage.outputTokens),
    },
    body: JSON.stringify(codec.write(whole, answer)),
  }
}

export const invokeModelWithResponseStream: RuntimeOperation = async (context, request, modelId) => {
  const { target, codec, asked, answer } = await prepare(context, request, modelId)
  const parts = await begun(answerParts(context, target, asked, request.signal))
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const event of codec.stream(parts, answer)) {
      yield eventFrame('chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') })
    }
  }
  return streamReply(frames(), {
    ...targetHeaders(target),
    'x-amzn-bedrock-content-type': 'application/json',
  })
}

export const converse: RuntimeOperation = async (context, request, modelId) => {
  const started = context.now()
  const target = await runtimeTarget(context, request, modelId)
  const asked = await readRequest(request, readConverse)
  refuseTools(asked)
  const whole = await wholeAnswer(answerParts(context, target, asked, request.signal))
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...targetHeaders(target) },
    body: JSON.stringify({ ...writeConverse(whole), metrics: { latencyMs: context.now() - started } }),
  }
}

export const converseStream: RuntimeOperation = async (context, request, modelId) => {
  const started = context.now()
  const target = await runtimeTarget(context, request, modelId)
  const asked = await readRequest(request, readConverse)
  refuseTools(asked)
  const parts = await begun(answerParts(context, target, asked, request.signal))
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const [type, payload] of converseEvents(parts, { elapsed: () => context.now() - started })) {
      yield eventFrame(type, payload)
    }
  }
  return streamReply(frames(), targetHeaders(target))
}

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
      body: JSON.stringify({ inputTokens: await context.inference.countTokens(target, asked.messages) }),
    }
  } catch (error) {
    throw toRuntimeError(error)
  }
}

function parseBody(body: unknown): unknown {
  if (typeof body !== 'string') throw validationError('input.invokeModel.body or input.converse is required')
  try {
    return JSON.parse(Buffer.from(body, 'base64').toString('utf8')) as unknown
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

async function prepare(context: BedrockContext, request: AwsRequest, modelId: string): Promise<Prepared> {
  const started = context.now()
  const target = await runtimeTarget(context, request, modelId)
  const codec = requireCodec(target)
  const asked = await readRequest(request, (body) => codec.read(body))
  refuseTools(asked)
  let inputTokens = 0
  try {
    inputTokens = await context.inference.countTokens(target, asked.messages)
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

function requireCodec({ baseIdentifier }: RuntimeTarget): BodyCodec {
  const codec = codecOf(baseIdentifier)
  if (codec === undefined) {
    throw validationError(
      `The body of ${baseIdentifier} is not read by InvokeModel on this server; use Converse.`,
    )
  }
  return codec
}

async function readRequest(
  request: AwsRequest,
  read: (body: unknown) => DialectRequest,
): Promise<DialectRequest> {
  try {
    return read(await readJson(request, largestBody))
  } catch (error) {
    throw toRuntimeError(error)
  }
}

/** Ignoring them would answer another question than was asked. */
function refuseTools({ tools = [] }: DialectRequest): void {
  if (tools.length > 0) throw validationError('This model does not support tool use.')
}

/** Told to the client: Hone never pretends that the local model is the one that was named. */
const targetHeaders = ({ localBase }: RuntimeTarget): Record<string, string> => ({
  'x-hone-base-model': localBase,
})

/** Waits for the first part, so that what fails before it is answered with its status. */
async function begun(parts: AsyncGenerator<DialectPart>): Promise<AsyncGenerator<DialectPart>> {
  const first = await parts.next()
  return (async function* (): AsyncGenerator<DialectPart> {
    if (first.done === true) return
    yield first.value
    yield* parts
  })()
}

function streamReply(frames: AsyncIterable<Uint8Array>, headers: Record<string, string>): AwsReply {
  async function* guarded(): AsyncGenerator<Uint8Array> {
    try {
      yield* frames
    } catch (error) {
      const known =
        error instanceof AwsError ? error.message : 'The model stopped while it answered. Try again.'
      yield exceptionFrame('modelStreamErrorException', known)
    }
  }
  return {
    status: 200,
    headers: { 'content-type': eventStreamType, ...headers },
    body: Readable.from(guarded(), { objectMode: false }),
  }
}
