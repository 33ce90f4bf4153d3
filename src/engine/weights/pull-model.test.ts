import { readdirSync } from 'node:fs'
import { request, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { readBaseFolder } from './base-folder.ts'
import { pullModel } from './pull-model.ts'
import { localServer, sendFile } from './testing/local-hub.ts'
import { prefix, PullFixture, rangesOf, revision, sha256 } from './testing/pull-fixture.ts'
import { temporaryFolder } from './testing/temporary-folder.ts'

let fixture: PullFixture
beforeEach(async () => {
  fixture = await PullFixture.create()
})

const proxy: RequestListener = (incoming, response) => {
  const target = new URL(incoming.url ?? '')
  const onward = request(target, { headers: { ...incoming.headers, host: target.host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(response)
  })
  onward.end()
}

describe('a hub', () => {
  test('gives every file; what came is said and written down', async () => {
    const server = await fixture.hub()
    const { folder, manifest } = await pullModel('tiny', fixture.options({ endpoint: server.url }))
    expect(manifest).toMatchObject({
      id: 'tiny',
      licence: 'Apache-2.0',
      source: { kind: 'hub', name: `owner/Tiny@${revision}`, files: fixture.hubFiles },
      weights: [
        {
          name: 'model.safetensors',
          sha256: sha256(fixture.contents['model.safetensors'] ?? Buffer.alloc(0)),
        },
      ],
    })
    expect((await readBaseFolder(folder)).config.layers).toBe(2)
    const said = fixture.events.filter(({ type }) => type !== 'progressed' && type !== 'verify-started')
    expect(said).toMatchObject([
      { type: 'source-tried', source: expect.stringContaining('owner/Tiny on 127.0.0.1') },
      { type: 'source-chosen', bytes: fixture.hubFiles.reduce((sum, { bytes }) => sum + bytes, 0) },
      { type: 'model-ready', licence: 'Apache-2.0', reused: false },
    ])
    expect(readdirSync(join(fixture.home, 'cache', 'downloads'))).toEqual([])
  })

  test('a model that is there is not fetched again', async () => {
    const server = await fixture.hub()
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    const before = server.seen.length
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    expect(server.seen).toHaveLength(before)
    expect(fixture.events.at(-1)).toMatchObject({ type: 'model-ready', reused: true })
  })

  test('two pulls at once fetch once', async () => {
    const server = await fixture.hub()
    const pulled = await Promise.all([
      pullModel('tiny', fixture.options({ endpoint: server.url })),
      pullModel('tiny', fixture.options({ endpoint: server.url })),
    ])
    expect(pulled[0].folder).toBe(pulled[1].folder)
    expect(rangesOf(server, 'model.safetensors')).toEqual([undefined])
    expect(fixture.events.filter(({ type }) => type === 'lock-waited')).toHaveLength(1)
  })

  test('a cut connection is resumed where it was cut', async () => {
    let cuts = 0
    const server = await localServer((incoming, response) => {
      const content = fixture.contentAt(incoming.url)
      if (incoming.url?.endsWith('safetensors') && cuts++ < 6) fixture.sendCut(incoming, response)
      else sendFile(incoming, response, content)
    })
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    const ranges = rangesOf(server, 'model.safetensors')
    expect(ranges).toEqual([undefined, ...[1, 2, 3, 4, 5, 6].map((cut) => `bytes=${cut * 10_000}-`)])
    expect(fixture.events.filter(({ type }) => type === 'download-retried')).toHaveLength(6)
  })

  test('a pull that was stopped leaves no model, and the next one goes on', async () => {
    const controller = new AbortController()
    let stops = true
    const server = await localServer((incoming, response) => {
      const content = fixture.contentAt(incoming.url)
      if (!incoming.url?.endsWith('safetensors') || !stops) {
        sendFile(incoming, response, content)
        return
      }
      response.writeHead(200, { etag: '"content"', 'content-length': content.length })
      response.write(content.subarray(0, 20_000))
    })
    const stopped = pullModel(
      'tiny',
      fixture.options({
        endpoint: server.url,
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'progressed' && event.file.endsWith('safetensors')) controller.abort('stopped')
        },
      }),
    )
    await expect(stopped).rejects.toBe('stopped')
    expect(fixture.models).toEqual([])
    stops = false
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    expect(rangesOf(server, 'model.safetensors')).toEqual([
      undefined,
      expect.stringMatching(/^bytes=[1-9]\d*-$/),
    ])
    expect(fixture.models).toEqual(['tiny'])
  })

  test('a server that ignores ranges is read from the start', async () => {
    let cuts = 0
    const server = await localServer((incoming, response) => {
      const content = fixture.contentAt(incoming.url)
      if (incoming.url?.endsWith('safetensors') && cuts++ === 0) fixture.sendCut(incoming, response)
      else response.writeHead(200, { 'content-length': content.length }).end(content)
    })
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    expect(fixture.events).toContainEqual(
      expect.objectContaining({
        type: 'download-retried',
        done: 0,
        reason: expect.stringContaining('from the start'),
      }),
    )
  })

  test('a part of other content is not continued', async () => {
    let cuts = 0
    const server = await localServer((incoming, response) => {
      const content = fixture.contentAt(incoming.url)
      if (incoming.url?.endsWith('safetensors') && cuts++ === 0) fixture.sendCut(incoming, response)
      else sendFile(incoming, response, content, { etag: '"another"' })
    })
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    expect(rangesOf(server, 'model.safetensors')).toEqual([undefined, 'bytes=10000-', undefined])
  })

  test('content that is not what it should be is refused and deleted', async () => {
    const server = await localServer((incoming, response) => {
      const content = Buffer.from(fixture.contentAt(incoming.url))
      if (incoming.url?.endsWith('safetensors')) content.writeUInt8(1, content.length - 1)
      sendFile(incoming, response, content)
    })
    await expect(pullModel('tiny', fixture.options({ endpoint: server.url }))).rejects.toMatchObject({
      code: 'E_CHECKSUM',
      message: expect.stringContaining('owner/Tiny model.safetensors'),
    })
    expect(readdirSync(join(fixture.home, 'cache', 'downloads', 'tiny', 'hub')).toSorted()).toEqual([
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    expect(fixture.models).toEqual([])
  })

  test('a busy server is asked again, a few times', async () => {
    let answers = 0
    const server = await fixture.hub((path, response) => {
      if (!path.endsWith('/config.json') || answers++ >= 3) return false
      response.writeHead(503, { 'retry-after': '0' }).end()
      return true
    })
    await pullModel('tiny', fixture.options({ endpoint: server.url }))
    const busy = await fixture.hub((_path, response) => {
      response.writeHead(503).end()
      return true
    })
    fixture.home = temporaryFolder()
    await expect(pullModel('tiny', fixture.options({ endpoint: busy.url }))).rejects.toMatchObject({
      code: 'E_DOWNLOAD',
      message: expect.stringContaining('status 503'),
    })
    expect(busy.seen).toHaveLength(5)
  })

  test('a token goes to the hub and not to where it redirects', async () => {
    const token = 'hf_secret_token'
    const storage = await localServer((incoming, response) => {
      sendFile(incoming, response, fixture.contentAt(incoming.url))
    })
    const server = await fixture.hub((path, response) => {
      const location = `${storage.url.replace('127.0.0.1', 'localhost')}${path}`
      response.writeHead(302, { location }).end()
      return true
    })
    await pullModel('tiny', fixture.options({ endpoint: server.url, env: { HF_TOKEN: token } }))
    expect(server.seen.length).toBeGreaterThan(0)
    expect(storage.seen).toHaveLength(4)
    expect(server.seen.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true)
    expect(storage.seen.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    expect(JSON.stringify(fixture.events)).not.toContain(token)
  })

  test('a redirect without end is given up', async () => {
    const server = await fixture.hub((path, response) => {
      response.writeHead(302, { location: path }).end()
      return true
    })
    await expect(pullModel('tiny', fixture.options({ endpoint: server.url }))).rejects.toMatchObject({
      code: 'E_DOWNLOAD',
      message: expect.stringContaining('redirects more than 5 times'),
    })
  })

  test('an endpoint may have a path, HF_ENDPOINT names it', async () => {
    const server = await localServer((incoming, response) => {
      const content =
        fixture.contents[(incoming.url ?? '').slice(`/mirror${prefix}`.length)] ?? Buffer.alloc(0)
      sendFile(incoming, response, content)
    })
    await pullModel('tiny', fixture.options({ env: { HF_ENDPOINT: `${server.url}/mirror/` } }))
    expect(server.seen[0]?.path).toBe(`/mirror${prefix}config.json`)
  })

  test.each(['huggingface.co', 'ftp://hub', ''])('"%s" is no endpoint', async (endpoint) => {
    await expect(pullModel('tiny', fixture.options({ endpoint }))).rejects.toMatchObject({ code: 'E_USAGE' })
  })
})

describe('proxies', () => {
  test('HTTP_PROXY is used, NO_PROXY excepts from it', async () => {
    const server = await fixture.hub()
    const through = await localServer(proxy)
    await pullModel('tiny', fixture.options({ endpoint: server.url, env: { HTTP_PROXY: through.url } }))
    expect(through.seen.length).toBeGreaterThan(0)
    expect(server.seen.length).toBeGreaterThan(0)

    fixture.home = temporaryFolder()
    const before = through.seen.length
    const env = { HTTP_PROXY: through.url, NO_PROXY: '127.0.0.1' }
    await pullModel('tiny', fixture.options({ endpoint: server.url, env }))
    expect(through.seen).toHaveLength(before)
  })
})

describe('names', () => {
  test('an unknown name is answered with the near one', async () => {
    await expect(pullModel('tinny', fixture.options())).rejects.toMatchObject({
      code: 'E_MODEL_UNKNOWN',
      hint: expect.stringContaining('did you mean tiny?'),
    })
  })

  test.each(['hf:owner', 'hf:../x', 'hf:owner/..', 'hf:a/b/c', 'hf:owner/x@../..'])(
    '%s is no model',
    async (name) => {
      await expect(pullModel(name, fixture.options())).rejects.toMatchObject({ code: 'E_MODEL_UNKNOWN' })
    },
  )

  test('HONE_OFFLINE asks nobody', async () => {
    const server = await fixture.hub()
    await expect(
      pullModel('tiny', fixture.options({ endpoint: server.url, env: { HONE_OFFLINE: '1' } })),
    ).rejects.toMatchObject({ code: 'E_DOWNLOAD', hint: expect.stringContaining('hone models import') })
    expect(server.seen).toEqual([])
  })
})
