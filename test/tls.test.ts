import { execFile } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createServices } from '../src/compose.ts'
import type { RunningServer } from '../src/service/serving/running-server.ts'
import { tinyHome, type TinyHome } from './testing/tiny-home.ts'
import { missingPackage, python } from './testing/vendor-python.ts'

const run = promisify(execFile)
const fixture = (name: string): string => join('test', 'fixtures', 'tls', name)
const ca = readFileSync(fixture('ca.pem'))

const reason = missingPackage('boto3')
if (reason !== undefined) process.stderr.write(`boto3 does not speak TLS here: ${reason}\n`)

let home: TinyHome
let server: RunningServer
let environment: NodeJS.ProcessEnv
let services: ReturnType<typeof createServices>

beforeAll(async () => {
  home = await tinyHome()
  copyFileSync(fixture('server.pem'), join(home.home, 'certificate.pem'))
  copyFileSync(fixture('server-key.pem'), join(home.home, 'key.pem'))
  // Files are named from the folder of the settings.
  writeFileSync(
    join(home.home, 'hone.server.yaml'),
    `schema: 1
listen: { port: 0, tls: { certificate: certificate.pem, key: key.pem } }
models: { default: ${home.base} }
`,
  )
  services = createServices({ home: home.home })
  server = await services.serve()
  environment = {
    ...process.env,
    AWS_ENDPOINT_URL: server.address,
    AWS_ACCESS_KEY_ID: server.madeKey?.id,
    AWS_SECRET_ACCESS_KEY: server.madeKey?.secret,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CA_BUNDLE: fixture('ca.pem'),
    NODE_EXTRA_CA_CERTS: fixture('ca.pem'),
  }
}, 60_000)
afterAll(() => server.close())

const portOf = (): number => Number(new URL(server.address).port)

/** Name in the certificate that a new connection sees. */
async function certificateName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: portOf(), host: '127.0.0.1', ca }, () => {
      const { CN } = socket.getPeerCertificate().subject
      socket.end()
      resolve(String(CN))
    })
    socket.once('error', reject)
  })
}

/** Protocol and status of `/healthz`. */
function overHttp2(): Promise<readonly [string | undefined, unknown]> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(server.address, { ca })
    session.once('error', reject)
    const asked = session.request({ ':path': '/healthz' })
    asked.once('response', (headers) => {
      resolve([session.alpnProtocol, headers[':status']])
      session.close()
    })
    asked.resume()
  })
}

function overHttp1(): Promise<readonly [string | undefined, unknown]> {
  return new Promise((resolve, reject) => {
    request(`${server.address}/healthz`, { ca, agent: false }, (response) => {
      response.resume()
      resolve([response.httpVersion, response.statusCode])
    })
      .once('error', reject)
      .end()
  })
}

test('both protocols are spoken on the one port', async () => {
  expect(server.address).toMatch(/^https:/)
  expect(await overHttp1()).toEqual(['1.1', 200])
  expect(await overHttp2()).toEqual(['h2', 200])
})

test('the SDKs for JavaScript work with nothing but another address', async () => {
  const { stdout } = await run(process.execPath, ['test/testing/tls-client.mjs'], { env: environment })
  expect(JSON.parse(stdout)).toEqual({
    object: 'content',
    models: expect.any(Number) as unknown,
    invoked: 'message',
    lastEvent: 'metadata',
  })
}, 60_000)

describe.skipIf(reason !== undefined)('where boto3 is installed', () => {
  test('it works with nothing but another address', async () => {
    const { stdout } = await run(python, ['test/testing/tls_client.py'], { env: environment })
    expect(JSON.parse(stdout)).toEqual({
      object: 'content',
      scheme: 'https',
      role: 'assistant',
      account: '000000000000',
    })
  }, 60_000)
})

test('who does not trust the authority, or speaks no TLS, does no harm', async () => {
  await expect(fetch(`${server.address}/healthz`)).rejects.toThrow('fetch failed')
  await new Promise<void>((resolve) => {
    const socket = connectPlain(portOf(), '127.0.0.1', () => socket.write('GET /healthz HTTP/1.1\r\n\r\n'))
    socket.on('error', () => undefined)
    socket.resume()
    socket.once('close', () => resolve())
  })
  expect(await overHttp1()).toEqual(['1.1', 200])
})

test('a new certificate is taken up without a new start; one that does not fit leaves the old', async () => {
  expect(await certificateName()).toBe('server')
  copyFileSync(fixture('renewed.pem'), join(home.home, 'certificate.pem'))
  await expect(server.reloadTls?.()).rejects.toMatchObject({
    code: 'E_CONFIG',
    message: 'this is not the key of the certificate',
  })
  expect(await certificateName()).toBe('server')
  copyFileSync(fixture('renewed-key.pem'), join(home.home, 'key.pem'))
  await server.reloadTls?.()
  expect(await certificateName()).toBe('renewed')
})

describe('an address that others reach', () => {
  test('needs TLS or to be told, and a key in any case', async () => {
    const { home: other, base } = await tinyHome()
    writeFileSync(join(other, 'hone.server.yaml'), `schema: 1\nmodels: { default: ${base} }\n`)
    const own = createServices({ home: other })
    const tls = { certificate: fixture('server.pem'), key: fixture('server-key.pem') }
    const listen = { host: '0.0.0.0', port: 0 }
    await expect(own.serve(listen)).rejects.toMatchObject({ code: 'E_CONFIG', message: /there is no TLS/ })
    await expect(own.serve({ ...listen, tls })).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: /there is no key/,
    })
    const { id } = await own.keys.add({ user: 'web', allow: ['invoke:*'], bearer: false })
    const started = await own.serve({ ...listen, tls })
    expect(started.address).toMatch(/^https:\/\/0\.0\.0\.0:/)
    expect(started.madeKey).toBeUndefined()
    await started.close()
    // A key that was taken out of use is none.
    await own.keys.revoke(id)
    await expect(own.serve({ ...listen, public: true })).rejects.toMatchObject({ message: /there is no key/ })
  }, 30_000)

  test('files that are no certificate or no key are refused', async () => {
    const tls = { certificate: fixture('server-key.pem'), key: fixture('server.pem') }
    await expect(services.serve({ port: 0, tls })).rejects.toMatchObject({
      code: 'E_CONFIG',
      at: { file: tls.certificate },
    })
    const absent = { certificate: fixture('server.pem'), key: fixture('none.pem') }
    await expect(services.serve({ port: 0, tls: absent })).rejects.toMatchObject({
      code: 'E_CONFIG',
      at: { file: absent.key },
    })
  })
})
