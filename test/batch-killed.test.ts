import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { tinyHome } from './testing/tiny-home.ts'

interface Served {
  readonly address: string
  readonly madeKey?: { readonly id: string; readonly secret: string }
}

/** The built command, in a process group of its own so that its workers die with it. */
async function serve(home: string): Promise<{ readonly child: ChildProcess; readonly served: Served }> {
  const child = spawn(process.execPath, ['dist/main.js', 'serve', '--port', '0', '--json', '--log', 'none'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HONE_HOME: home },
  })
  let text = ''
  for await (const bytes of child.stdout) {
    text += String(bytes)
    try {
      return { child, served: JSON.parse(text) as Served }
    } catch {
      // Not all of it yet.
    }
  }
  throw new Error(`the server said ${text}`)
}

async function kill(child: ChildProcess): Promise<void> {
  process.kill(-(child.pid ?? 0), 'SIGKILL')
  await once(child, 'close')
}

/** Answers that are whole in the journals of the one job of a home. */
function journaled(home: string): string[] {
  const jobs = join(home, 'jobs')
  const folders = readdirSync(home).includes('jobs') ? readdirSync(jobs) : []
  return folders.flatMap((job) =>
    readdirSync(join(jobs, job))
      .filter((name) => name.endsWith('.journal'))
      .flatMap((name) =>
        readFileSync(join(jobs, job, name), 'utf8')
          .split('\n')
          .slice(0, -1),
      )
      .map((line) => line.slice(line.indexOf('\t') + 1)),
  )
}

test('a batch whose server is killed goes on with the next one, and keeps every answer that it had', async () => {
  const { home, base } = await tinyHome()
  writeFileSync(join(home, 'hone.server.yaml'), `schema: 1\nmodels:\n  default: ${base}\n`)
  const first = await serve(home)
  const { id: accessKeyId = '', secret: secretAccessKey = '' } = first.served.madeKey ?? {}
  const credentials = { accessKeyId, secretAccessKey }
  const region = 'us-west-2'
  const records = 400
  const lines = Array.from({ length: records }, (_, at) => ({
    recordId: `r${at}`,
    modelInput: {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 8,
      messages: [{ role: 'user', content: `w${at}` }],
    },
  }))
  const s3 = new S3Client({ endpoint: first.served.address, region, credentials, forcePathStyle: true })
  const bedrock = new BedrockClient({ endpoint: first.served.address, region, credentials })
  await s3.send(new CreateBucketCommand({ Bucket: 'batches' }))
  const Body = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  await s3.send(new PutObjectCommand({ Bucket: 'batches', Key: 'in.jsonl', Body }))
  const { jobArn } = await bedrock.send(
    new CreateModelInvocationJobCommand({
      jobName: 'killed',
      roleArn: 'arn:aws:iam::000000000000:role/Batch',
      modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batches/in.jsonl' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batches/out' } },
    }),
  )
  while (journaled(home).length < 20) await pause(5)
  await kill(first.child)
  const kept = journaled(home)
  // A job that was done before the kill would prove nothing.
  expect(kept.length).toBeLessThan(records)

  const second = await serve(home)
  const again = { endpoint: second.served.address, region, credentials }
  const status = async (): Promise<string | undefined> => {
    const job = await new BedrockClient(again).send(
      new GetModelInvocationJobCommand({ jobIdentifier: jobArn }),
    )
    return job.status
  }
  // The lease of the dead worker runs out first.
  await expect.poll(status, { timeout: 90_000, interval: 500 }).toBe('Completed')
  const out = await new S3Client({ ...again, forcePathStyle: true }).send(
    new GetObjectCommand({ Bucket: 'batches', Key: `out/${jobArn?.split('/').at(-1)}/in.jsonl.out` }),
  )
  const answers = ((await out.Body?.transformToString()) ?? '').trim().split('\n')
  await kill(second.child)
  expect(answers.map((line) => (JSON.parse(line) as { recordId: string }).recordId)).toEqual(
    lines.map(({ recordId }) => recordId),
  )
  // Each answer has an id of its own: what is there again was not asked again.
  expect(kept.filter((line) => !answers.includes(line))).toEqual([])
}, 150_000)
