import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  BedrockClient,
  CreateModelCustomizationJobCommand,
  CreateProvisionedModelThroughputCommand,
  DeleteCustomModelCommand,
  DeleteProvisionedModelThroughputCommand,
  GetModelCustomizationJobCommand,
  ListModelCustomizationJobsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-bedrock'
import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { serverKeys } from '../src/compose-server.ts'
import { createRandom, type Random } from '../src/lib/random.ts'
import { isCheckpointFolder } from '../src/service/tuning/tuned-checkpoints.ts'
import { openDatabase } from '../src/store/database/open-database.ts'
import { processes, ServerProcess } from './testing/server-process.ts'
import { colourRecords, tinyHome } from './testing/tiny-home.ts'

const isLong = process.env['HONE_TEST_LONG'] === '1'
const kills = isLong ? 50 : 5

const base = 'anthropic.claude-3-haiku-20240307-v1:0:200k'
const bucket = 'faults'

/** What the server said is done. */
interface Acknowledged {
  /** SHA-256 by key. */
  readonly objects: Map<string, string>
  /** Jobs' ARNs, and the models that were not deleted since. */
  readonly jobs: Set<string>
  readonly deleted: Set<string>
}

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Asks until there is an answer; what the server says in words is one. */
async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      const status = statusOf(error)
      // A model whose process was killed while it answered says so.
      if ((status !== undefined && status !== 424) || attempt === 600) throw error
      await pause(50)
    }
  }
}

const statusOf = (error: unknown): number | undefined =>
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode

/** Says yes where an earlier attempt, whose answer was lost, did it. */
const doneBefore =
  (...names: string[]) =>
  (error: unknown): undefined => {
    if (error instanceof Error && names.includes(error.name)) return
    throw error
  }

class Client {
  readonly s3: S3Client
  readonly bedrock: BedrockClient
  readonly runtime: BedrockRuntimeClient

  constructor(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string }) {
    const options = { endpoint, credentials, region: 'us-east-1', maxAttempts: 1 }
    this.s3 = new S3Client({ ...options, forcePathStyle: true })
    this.bedrock = new BedrockClient(options)
    this.runtime = new BedrockRuntimeClient(options)
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    await insist(() => this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes })))
  }

  async putInParts(key: string, parts: readonly Buffer[]): Promise<void> {
    const place = { Bucket: bucket, Key: key }
    const { UploadId } = await insist(() => this.s3.send(new CreateMultipartUploadCommand(place)))
    const done: { PartNumber: number; ETag: string | undefined }[] = []
    for (const [at, Body] of parts.entries()) {
      const PartNumber = at + 1
      const { ETag } = await insist(() =>
        this.s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body })),
      )
      done.push({ PartNumber, ETag })
    }
    await insist(() =>
      this.s3.send(
        new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: done } }),
      ),
    )
  }

  async get(key: string): Promise<Uint8Array> {
    return insist(async () => {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      return (await Body?.transformToByteArray()) ?? new Uint8Array()
    })
  }

  async statusOf(jobIdentifier: string): Promise<string> {
    const job = await insist(() => this.bedrock.send(new GetModelCustomizationJobCommand({ jobIdentifier })))
    return job.failureMessage === undefined ? (job.status ?? '') : `${job.status}: ${job.failureMessage}`
  }

  async finished(jobIdentifier: string): Promise<string> {
    for (;;) {
      const status = await this.statusOf(jobIdentifier)
      if (status !== 'InProgress') return status
      await pause(50)
    }
  }
}

/** The whole way of a customer, once: data, a job, its model, an answer, and the end of it. */
async function wholeFlow(client: Client, random: Random, at: number, known: Acknowledged): Promise<void> {
  const { bedrock, runtime } = client
  const small = Buffer.from(
    random
      .next()
      .toString()
      .repeat(1 + random.integer(5000)),
  )
  await client.put(`small-${at}`, small)
  known.objects.set(`small-${at}`, sha256(small))
  // Every part but the last has five mebibytes at least.
  const parts = [Buffer.alloc(5 * 2 ** 20, at), Buffer.from(small)]
  await client.putInParts(`parts-${at}`, parts)
  known.objects.set(`parts-${at}`, sha256(Buffer.concat(parts)))

  const asked = {
    jobName: `job-${at}`,
    customModelName: `model-${at}`,
    clientRequestToken: `token-job-${at}`,
    roleArn: 'arn:aws:iam::000000000000:role/Tuning',
    baseModelIdentifier: base,
    trainingDataConfig: { s3Uri: `s3://${bucket}/train.jsonl` },
    outputDataConfig: { s3Uri: `s3://${bucket}/out` },
    hyperParameters: { epochCount: '10', batchSize: '4' },
    jobTags: [{ key: 'flow', value: String(at) }],
  }
  const create = async (): Promise<string> => {
    const { jobArn = '' } = await bedrock.send(new CreateModelCustomizationJobCommand(asked))
    return jobArn
  }
  const job = await insist(create)
  known.jobs.add(job)
  // The same question again is the same job.
  expect(await insist(create)).toBe(job)
  const { tags } = await insist(() => bedrock.send(new ListTagsForResourceCommand({ resourceARN: job })))
  expect(tags).toEqual([{ key: 'flow', value: String(at) }])
  expect(await client.finished(job)).toBe('Completed')

  const { provisionedModelArn: endpoint = '' } = await insist(() =>
    bedrock.send(
      new CreateProvisionedModelThroughputCommand({
        provisionedModelName: `endpoint-${at}`,
        modelId: `model-${at}`,
        modelUnits: 1,
        clientRequestToken: `token-endpoint-${at}`,
      }),
    ),
  )
  const tag = { resourceARN: endpoint, tags: [{ key: 'kept', value: 'yes' }] }
  await insist(() => bedrock.send(new TagResourceCommand(tag)))
  const body = JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 4,
    messages: [{ role: 'user', content: 'ab red' }],
  })
  const answer = await insist(() => runtime.send(new InvokeModelCommand({ modelId: endpoint, body })))
  expect(JSON.parse(answer.body.transformToString())).toMatchObject({ role: 'assistant' })
  await insist(() =>
    bedrock
      .send(new DeleteProvisionedModelThroughputCommand({ provisionedModelId: endpoint }))
      .catch(doneBefore('ResourceNotFoundException')),
  )
  if (random.integer(2) === 0) return
  await insist(() =>
    bedrock
      .send(new DeleteCustomModelCommand({ modelIdentifier: `model-${at}` }))
      .catch(doneBefore('ResourceNotFoundException')),
  )
  known.deleted.add(job)
}

/** Files that no crash may leave, and what no row of the database knows. */
function leftovers(home: string): string[] {
  const found: string[] = []
  const folder = join(home, 's3', bucket)
  const all = readdirSync(home, { recursive: true, encoding: 'utf8' })
  found.push(...all.filter((path) => path.endsWith('.tmp') || path.endsWith('.removed')))
  found.push(...all.filter((path) => path.startsWith(join('jobs', 'x').slice(0, -1))))
  const objects = readdirSync(join(folder, 'objects'), { recursive: true, encoding: 'utf8' })
  const uploads = readdirSync(join(folder, 'uploads'), { recursive: true, encoding: 'utf8' })
  const named = new Set<string>()
  for (const path of [
    ...objects.map((name) => join('objects', name)),
    ...uploads.filter((name) => name.includes('part-')).map((name) => join('uploads', name)),
  ]) {
    if (!path.endsWith('.json')) continue
    named.add((JSON.parse(readFileSync(join(folder, path), 'utf8')) as { content: string }).content)
  }
  found.push(...readdirSync(join(folder, 'bytes')).filter((name) => !named.has(name)))
  found.push(
    ...readdirSync(join(folder, 'uploads')).filter(
      (name) => !existsSync(join(folder, 'uploads', name, 'upload.json')),
    ),
  )
  return found
}

const adapterOf = (folder: string): string =>
  sha256(readFileSync(join(folder, 'adapter', 'adapter_model.safetensors')))

test(
  `killed ${kills} times at random points, a server loses nothing that it acknowledged`,
  async () => {
    const { home, base: tiny } = await tinyHome()
    writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${tiny} }\n`)
    const key = await serverKeys(home).add({ user: 'developer', allow: ['*'], bearer: false })
    await using server = await ServerProcess.start(home)
    const client = new Client(server.endpoint, { accessKeyId: key.id, secretAccessKey: key.secret ?? '' })
    await client.s3.send(new CreateBucketCommand({ Bucket: bucket }))
    const records = colourRecords(48).map((record) => `${JSON.stringify(record)}\n`)
    await client.put('train.jsonl', Buffer.from(records.join('')))

    const random = createRandom(2026)
    const known: Acknowledged = { objects: new Map(), jobs: new Set(), deleted: new Set() }
    // One that nobody disturbs: all that follow are given the same data, and must come to the same.
    const started = performance.now()
    await wholeFlow(client, { ...random, integer: () => 0, next: () => 0.5 }, 0, known)
    const whole = Math.min(10_000, performance.now() - started)
    const [undisturbed = ''] = readdirSync(join(home, 'models')).filter((name) => name.startsWith('custom-'))
    const expected = adapterOf(join(home, 'models', undisturbed))

    let killedServers = 0
    let killedWorkers = 0
    const workers = new Set<number>()
    let flows = 0
    const over = new AbortController()
    const flow = (async () => {
      const choices = random.fork('flow')
      while (!over.signal.aborted || flows < 2) await wholeFlow(client, choices, ++flows, known)
    })()
    const killer = (async () => {
      const choices = random.fork('killer')
      // A training process that dies three times without a step ends its job, on a slow machine too.
      let inARow = 0
      while (killedServers + killedWorkers < kills) {
        await pause(choices.next() * whole * 0.8)
        for (const name of ['train', 'generate']) for (const id of server.workers(name)) workers.add(id)
        const [worker] = choices.integer(3) === 0 ? server.workers('train') : []
        if (worker !== undefined && inARow < 2) {
          process.kill(worker, 'SIGKILL')
          killedWorkers++
          inARow++
          continue
        }
        inARow = 0
        await server.kill()
        killedServers++
        await server.start()
      }
    })().finally(() => over.abort())
    await Promise.all([flow, killer])
    process.stderr.write(
      `${flows} flows through ${killedServers} deaths of the server and ${killedWorkers} of workers\n`,
    )
    // Kills that never met any work would prove nothing.
    expect(killedServers).toBeGreaterThan(1)

    // Once more, with nothing under way: what is there now was on the disk.
    await server.kill()
    await server.start()
    for (const [name, hash] of known.objects) {
      expect([name, sha256(await client.get(name))]).toEqual([name, hash])
    }
    const jobs = await insist(() =>
      client.bedrock.send(new ListModelCustomizationJobsCommand({ maxResults: 1000 })),
    )
    const listed = (jobs.modelCustomizationJobSummaries ?? []).map(({ jobArn = '' }) => jobArn)
    expect(listed.toSorted()).toEqual([...known.jobs].toSorted())
    for (const job of known.jobs) {
      expect(await client.statusOf(job)).toBe('Completed')
      const id = job.split('/').at(-1)
      const csv = Buffer.from(
        await client.get(
          `out/model-customization-job-${id}/training_artifacts/step_wise_training_metrics.csv`,
        ),
      ).toString('utf8')
      const steps = csv
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => Number(line.split(',')[0]))
      // Each step once, in order: nobody else trained into the same folder.
      expect(steps).toEqual(Array.from(steps, (_, step) => step))
      expect(steps.length).toBeGreaterThan(10)
    }
    const folders = readdirSync(join(home, 'models')).filter((name) => name.startsWith('custom-'))
    const models = folders.filter((name) => !isCheckpointFolder(name))
    expect(models).toHaveLength(known.jobs.size - known.deleted.size)
    // Beside each model the last epochs of its job, which are the same for all.
    const epochs = folders.filter((name) => isCheckpointFolder(name))
    const steps = new Map<string, Set<string>>()
    for (const epoch of epochs) {
      const [model = '', step = ''] = epoch.split('-step-')
      expect(models).toContain(model)
      steps.set(step, (steps.get(step) ?? new Set()).add(adapterOf(join(home, 'models', epoch))))
    }
    expect(epochs).toHaveLength(models.length * steps.size)
    expect([...steps.values()].map(({ size }) => size)).toEqual([...steps].map(() => 1))
    for (const model of models) {
      expect([model, adapterOf(join(home, 'models', model))]).toEqual([model, expected])
    }
    await expect.poll(() => leftovers(home), { timeout: 20_000 }).toEqual([])

    await server.kill()
    // Nothing that a dead server started goes on.
    const alive = (): number[] =>
      processes()
        .filter(({ id, command }) => workers.has(id) && command.includes('workers/'))
        .map(({ id }) => id)
    await expect.poll(alive, { timeout: 20_000 }).toEqual([])
    // Where processes cannot be listed, none were seen.
    expect(workers.size).toBeGreaterThan(process.platform === 'win32' ? -1 : 0)
    const database = await openDatabase({ location: join(home, 'hone.db') })
    const { rows } = await sql`pragma integrity_check`.execute(database)
    expect(rows).toEqual([{ integrity_check: 'ok' }])
    const running = await database.selectFrom('jobs').select('id').where('ended_at', 'is', null).execute()
    expect(running).toEqual([])
    await database.destroy()
    for (const each of [client.s3, client.bedrock, client.runtime]) each.destroy()
  },
  isLong ? 3_600_000 : 300_000,
)
