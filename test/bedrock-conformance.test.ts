import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { huggingFaceFolder } from '../src/engine/weights/testing/hugging-face-folder.ts'
import { controlRoutes } from '../src/server/bedrock/control-routes.ts'
import { startServer, type TestServer } from './testing/start-server.ts'
import { colourRecords, tinyHome, writeRecords, type TinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)

const reason = missingPackage('boto3')
if (reason !== undefined) process.stderr.write(`botocore's model is not asked: ${reason}\n`)

/** Operations that need a service of their own, and have tests of their own. */
const elsewhere = /InvocationJob|InvocationLogging/

describe.skipIf(reason !== undefined)("botocore's model of Amazon Bedrock", () => {
  let home: TinyHome
  let server: TestServer

  beforeAll(async () => {
    home = await tinyHome()
    server = await startServer(home)
  }, 60_000)
  afterAll(() => server[Symbol.asyncDispose]())

  test('holds for every operation of the control plane', async () => {
    const records = writeRecords(home.work, 'train.jsonl', colourRecords(48, 1))
    const validation = writeRecords(home.work, 'validation.jsonl', colourRecords(8, 2))
    const words = ['test/testing/conformance.py', records, validation, await huggingFaceFolder(false)]
    const { stdout } = await run(python, words, {
      maxBuffer: 2 ** 24,
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: server.endpoint,
        AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    })
    const { operations, errors, problems } = JSON.parse(stdout) as Record<string, string[]>
    expect(problems).toEqual([])
    const served = controlRoutes.map(({ name }) => name).filter((name) => !elsewhere.test(name))
    expect(operations).toEqual(served.toSorted())
    expect(errors?.length).toBeGreaterThan(25)
    expect(server.failures).toEqual([])
  }, 120_000)
})
