import { readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingWebGpuAdapter } from '../../engine/webgpu-adapter.ts'
import { temporaryFolder } from '../../engine/weights/testing/temporary-folder.ts'
import { runDoctor, type DoctorCheck, type DoctorOptions } from './doctor.ts'

let hub: Server
let status = 200
let endpoint = ''
beforeAll(async () => {
  hub = createServer((_, response) => {
    response.statusCode = status
    response.end('{}')
  })
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  const address = hub.address()
  endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterAll(() => hub.close())

const noPython = [['hone-no-such-python']]
/** Stands in for Python: Node as a command that answers every call alike. */
const fakePython = [[process.execPath, '-e', "console.log('pip 99.1 from here')", '--']]

async function checksOf(options: Partial<DoctorOptions>): Promise<Record<string, DoctorCheck>> {
  const { checks } = await runDoctor({
    home: temporaryFolder(),
    env: { HF_ENDPOINT: endpoint },
    pythons: noPython,
    ...options,
  })
  return Object.fromEntries(checks.map((check) => [check.name, check]))
}

test('a machine that is in order', async () => {
  const home = join(temporaryFolder(), 'not', 'yet')
  const report = await runDoctor({ home, env: { HF_ENDPOINT: endpoint }, pythons: fakePython })
  expect(report).toMatchObject({ schema: 1, usable: true, home })
  const found = Object.fromEntries(report.checks.map(({ name, status: each }) => [name, each]))
  expect(found).toMatchObject({ node: 'ok', runtime: 'ok', home: 'ok', hub: 'ok', pip: 'ok', base: 'warn' })
  expect(report.checks.every(({ status: each, fix }) => each === 'ok' || fix !== undefined)).toBe(true)
  expect(report.checks.find(({ name }) => name === 'pip')?.found).toContain('pip 99.1')
  // Looking leaves nothing behind.
  expect(readdirSync(join(home, '..', '..'))).toEqual([])
})

const missing = await missingWebGpuAdapter()
if (missing !== undefined) process.stderr.write(`a graphics card that is found is not tested: ${missing}\n`)

test.skipIf(missing !== undefined)('a graphics card that can be used', async () => {
  const { webgpu, runtime } = await checksOf({ device: 'webgpu' })
  expect(webgpu).toEqual({ name: 'webgpu', status: 'ok', found: 'an adapter, used with --device webgpu' })
  expect(runtime).toMatchObject({ status: 'ok', found: expect.stringContaining('computes on webgpu') })
})

test.skipIf(missing === undefined)('no graphics card that can be used, and how to get one', async () => {
  const { webgpu, runtime } = await checksOf({ device: 'webgpu' })
  expect(webgpu).toMatchObject({
    status: 'ok',
    found: expect.stringContaining('no adapter, so the processor computes'),
    fix: expect.stringContaining('driver'),
  })
  expect(runtime).toMatchObject({ status: 'missing', found: expect.stringContaining('no WebGPU adapter') })
})

test('an old Node', async () => {
  expect(await checksOf({ nodeVersion: '20.9.0' })).toMatchObject({ node: { status: 'missing' } })
  expect(await checksOf({ nodeVersion: '18.30.1' })).toMatchObject({ node: { status: 'missing' } })
  expect(await checksOf({ nodeVersion: '24.0.0' })).toMatchObject({ node: { status: 'ok' } })
})

test('more threads than cores', async () => {
  const { processor } = await checksOf({ threads: 1000 })
  expect(processor).toMatchObject({ status: 'warn', fix: expect.stringContaining('--threads') })
})

test('a home that is a file cannot be written', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  const { home } = await checksOf({ home: join(file, 'home') })
  // The nearest folder is there, but nothing can be made below a file.
  expect(home).toMatchObject({ status: 'missing', fix: expect.stringContaining('--home') })
})

describe('sources', () => {
  test('neither hub nor pip is a lack, one of them is enough', async () => {
    const env = { HF_ENDPOINT: 'http://127.0.0.1:1' }
    const none = await checksOf({ env })
    expect(none).toMatchObject({
      hub: { status: 'warn' },
      pip: { status: 'warn' },
      sources: { status: 'missing' },
    })
    expect((await checksOf({ env, pythons: fakePython }))['sources']).toBeUndefined()
    expect((await checksOf({}))['sources']).toBeUndefined()
  })

  test('an answer that refuses', async () => {
    status = 401
    const { hub: refused } = await checksOf({})
    status = 200
    expect(refused).toMatchObject({ status: 'warn', fix: 'check HF_TOKEN' })
  })

  test('no address', async () => {
    expect((await checksOf({ env: { HF_ENDPOINT: 'nonsense' } }))['hub']).toMatchObject({ status: 'warn' })
  })

  test('offline', async () => {
    const checks = await checksOf({ env: { HONE_OFFLINE: '1' } })
    expect(checks['sources']).toMatchObject({ status: 'missing' })
    expect(checks['hub']).toBeUndefined()
  })
})

test('names variables and never their value', async () => {
  const secret = 'hf_secret_value'
  const env = { HF_TOKEN: secret, HTTPS_PROXY: `http://user:${secret}@127.0.0.1:1`, HF_ENDPOINT: endpoint }
  const report = await runDoctor({ home: temporaryFolder(), env, pythons: noPython, sourceMilliseconds: 500 })
  expect(JSON.stringify(report)).not.toContain(secret)
  expect(report.checks.find(({ name }) => name === 'variables')?.found).toBe(
    'set: HF_ENDPOINT, HF_TOKEN, HTTPS_PROXY',
  )
})

test('stops when it is told to', async () => {
  const controller = new AbortController()
  const report = runDoctor({ home: temporaryFolder(), env: {}, pythons: noPython, signal: controller.signal })
  controller.abort(new Error('enough'))
  await expect(report).rejects.toThrow('enough')
})
