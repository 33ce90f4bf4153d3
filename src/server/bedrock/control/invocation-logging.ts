import { z } from 'zod'
import type { JsonObject } from '../../../core/example.ts'
import type { LoggingDocument } from '../../../service/serving/logging-document.ts'
import { ObjectStoreError } from '../../../store/objects/object-store.ts'
import { NameTaken } from '../../../store/database/resource-store.ts'
import type { BedrockContext } from '../bedrock-context.ts'
import { validationError } from '../bedrock-error.ts'
import { checkInput } from '../read-input.ts'
import type { Operation } from '../routes.ts'

const s3Config = z.object({
  bucketName: z.string().regex(/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/, 'Member must be the name of a bucket'),
  keyPrefix: z.string().max(1024).optional(),
})

const putInput = z.object({
  loggingConfig: z.object({
    cloudWatchConfig: z.unknown().optional(),
    s3Config: s3Config.optional(),
    textDataDeliveryEnabled: z.boolean().optional(),
    imageDataDeliveryEnabled: z.boolean().optional(),
    embeddingDataDeliveryEnabled: z.boolean().optional(),
    videoDataDeliveryEnabled: z.boolean().optional(),
    audioDataDeliveryEnabled: z.boolean().optional(),
  }),
})

export const putLogging: Operation = async (context, { input, request }) => {
  const { loggingConfig: asked } = checkInput(putInput, input)
  if (asked.cloudWatchConfig !== undefined && asked.cloudWatchConfig !== null) {
    throw validationError(
      'There is no Amazon CloudWatch Logs on this server: leave out loggingConfig.cloudWatchConfig, and name a bucket in loggingConfig.s3Config.',
    )
  }
  if (asked.s3Config === undefined) throw validationError('loggingConfig.s3Config is required.')
  const { bucketName: bucket, keyPrefix = '' } = asked.s3Config
  const prefix = keyPrefix.replace(/\/+$/, '')
  const { account } = request.identity
  await requireBucket(context, bucket, prefix, account)
  const { cloudWatchConfig: _, ...given } = asked
  await save(context, request.region, {
    bucket,
    prefix,
    text: isOn(asked.textDataDeliveryEnabled),
    media: isOn(asked.imageDataDeliveryEnabled) && isOn(asked.videoDataDeliveryEnabled),
    given: given satisfies JsonObject,
  })
  context.invocations.forget(request.region)
  return {}
}

export const getLogging: Operation = async ({ logging }, { request }) => {
  const found = await logging.find(request.region)
  return found === undefined ? {} : { loggingConfig: found.document.given }
}

export const deleteLogging: Operation = async ({ logging, invocations }, { request }) => {
  await logging.remove(request.region)
  invocations.forget(request.region)
  return {}
}

/** What is not said is delivered. */
const isOn = (flag: boolean | undefined): boolean => flag !== false

/** There is one configuration for each region. */
async function save({ logging }: BedrockContext, region: string, document: LoggingDocument): Promise<void> {
  if (await logging.change(region, { document })) return
  try {
    await logging.add({ id: region, name: region, state: 'active', parent: null, document })
  } catch (error) {
    // Somebody else made it meanwhile: the later one counts.
    if (!(error instanceof NameTaken)) throw error
    await logging.change(region, { document })
  }
}

/** The service tries the bucket before it takes it. */
async function requireBucket(
  { objects }: BedrockContext,
  bucket: string,
  prefix: string,
  account: string,
): Promise<void> {
  const folder = `AWSLogs/${account}/BedrockModelInvocationLogs`
  const key = `${prefix === '' ? '' : `${prefix}/`}${folder}/amazon-bedrock-logs-permission-check`
  try {
    await objects.put(bucket, key, nothing())
    await objects.remove(bucket, key)
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error
    throw validationError(
      `Failed to validate permissions for bucket: ${bucket}, with the prefix: ${prefix}. ${error.message}.`,
    )
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array()
}
