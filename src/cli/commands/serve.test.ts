import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { RunningServer, ServeOptions } from '../../service/serving/running-server.ts'
import { runCli } from '../run-cli.ts'
import { fakeHost, runFake } from '../testing/fake-host.ts'

function fakeServer(reloadTls?: () => Promise<void>): RunningServer {
  return {
    address: 'https://127.0.0.1:1',
    page: 'https://127.0.0.1:1/#key=k',
    home: 'h',
    account: '0',
    workers: 1,
    madeKey: undefined,
    models: [],
    configFile: undefined,
    close: () => Promise.resolve(),
    ...(reloadTls === undefined ? {} : { reloadTls }),
  }
}

test('options reach the server, and SIGHUP reads the certificate again', async () => {
  const asked: (ServeOptions | undefined)[] = []
  let reloads = 0
  const words = 'serve --tls-certificate c.pem --tls-key k.pem --log-level warn'.split(' ')
  const host = fakeHost(words, {
    services: {
      serve: (options?: ServeOptions) => {
        asked.push(options)
        // Once the command listens to signals.
        setImmediate(() => {
          host.signals.emit('SIGHUP')
          options?.onLog?.({ level: 'info', message: 'not told' })
          setImmediate(() => host.signals.emit('SIGTERM'))
        })
        return Promise.resolve(
          fakeServer(() => {
            reloads++
            return Promise.reject(new Error('no such file'))
          }),
        )
      },
    },
  })
  expect(await runCli(host)).toBe(0)
  expect(asked[0]).toMatchObject({ tls: { certificate: resolve('c.pem'), key: resolve('k.pem') } })
  expect(reloads).toBe(1)
  const { stderr } = host.text()
  expect(stderr).toContain('"message":"the certificate was not read again"')
  expect(stderr).not.toContain('not told')
  expect(host.signals.listenerCount('SIGHUP')).toBe(0)
})

test('a certificate without its key is refused', async () => {
  const { status, stderr } = await runFake(['serve', '--tls-certificate', 'c.pem'])
  expect(status).toBe(2)
  expect(stderr).toContain('name both: --tls-certificate FILE --tls-key FILE')
})
