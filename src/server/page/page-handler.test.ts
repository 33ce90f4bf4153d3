import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createPageHandler } from './page-handler.ts'

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

/** Answers of a server that has nothing but the page of a folder. */
async function withPage(
  folder: string,
  use: (get: (path: string, init?: RequestInit) => Promise<Response>) => Promise<void>,
): Promise<void> {
  const page = await createPageHandler(folder)
  const server = createServer((incoming, outgoing) => {
    if (page.claims(incoming)) page.answer(incoming, outgoing, { id: 'a' })
    else outgoing.writeHead(403).end()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve())
  })
  try {
    await use((path, init) =>
      fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init),
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function builtFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hone-page-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), '<p>here')
  writeFileSync(join(folder, 'assets', 'main-1.js'), 'run()')
  writeFileSync(join(folder, 'assets', 'main-1.js.gz'), gzipSync('run()'))
  writeFileSync(join(folder, 'secret.json'), '{}')
  return folder
}

test('any path that a browser follows is the document, never cached without being asked for', async () => {
  await withPage(builtFolder(), async (get) => {
    for (const path of ['/', '/jobs/a%20b?tab=1', '/bucket/key', '/assets']) {
      const response = await get(path, { headers: browser })
      expect([path, response.status, await response.text()]).toEqual([path, 200, '<p>here'])
      expect(response.headers.get('cache-control')).toBe('no-cache')
    }
    const etag = (await get('/', { headers: browser })).headers.get('etag') ?? ''
    const again = await get('/', { headers: { ...browser, 'if-none-match': etag } })
    expect(again.status).toBe(304)
    const head = await get('/', { method: 'HEAD', headers: browser })
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '7'])
  })
})

test('every answer forbids what the page does not need', async () => {
  await withPage(builtFolder(), async (get) => {
    for (const path of ['/', '/assets/main-1.js', '/assets/gone.js']) {
      const { headers } = await get(path, { headers: browser })
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })
})

test('files with a hash in their name are kept for good, and sent gzipped to whoever takes it', async () => {
  await withPage(builtFolder(), async (get) => {
    const plain = await get('/assets/main-1.js', { headers: { 'accept-encoding': 'identity' } })
    expect(await plain.text()).toBe('run()')
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(plain.headers.get('content-encoding')).toBeNull()
    const packed = await get('/assets/main-1.js', { headers: { 'accept-encoding': 'br, gzip' } })
    expect(await packed.text()).toBe('run()')
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'))
    expect((await get('/assets/gone-2.js', { headers: browser })).status).toBe(404)
  })
})

test('what a browser does not ask for is not the page, and neither is what AWS signs', async () => {
  await withPage(builtFolder(), async (get) => {
    const signed = '/assets/main-1.js?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=a'
    const others: [string, RequestInit][] = [
      ['/jobs', { headers: { accept: '*/*' } }],
      ['/', { method: 'POST', headers: browser }],
      ['/', { headers: { ...browser, authorization: 'AWS4-HMAC-SHA256 Credential=a' } }],
      ['/', { headers: { ...browser, authorization: 'Bearer a' } }],
      [signed, { headers: browser }],
      ['/assets/main-1.js?AWSAccessKeyId=a&Signature=b', { headers: browser }],
      ['/secret.json', {}],
      ['/../page-key.json', {}],
    ]
    for (const [path, init] of others) expect([path, (await get(path, init)).status]).toEqual([path, 403])
  })
})

test('a server without a built page says how it is made', async () => {
  await withPage(join(tmpdir(), 'hone-no-such-page'), async (get) => {
    const response = await get('/', { headers: browser })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(await response.text()).toContain('npm run build')
  })
})
