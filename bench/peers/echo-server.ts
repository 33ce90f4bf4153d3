// The server of this project over a model that repeats what it is told, and a bare server of Node beside it.
//   npx tsx bench/peers/echo-server.ts hone HOME [PAUSE] | bare
// Prints one line of JSON: the port, and the key pair of a client.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServices } from '../../src/compose.ts'
import { readServerConfig } from '../../src/config/server-config.ts'
import { startServer } from '../../src/server/start-server.ts'
import { openServerParts } from '../../src/service/serving/open-server-parts.ts'
import { createEchoChat } from '../../src/service/testing/echo-chat.ts'

const [kind, home = '', pause = '0'] = process.argv.slice(2)
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const nothing = (): Promise<never> => Promise.reject(new Error('nothing is trained here'))

if (kind === 'hone') await serve()
else bare()

async function serve(): Promise<void> {
  const { config } = await readServerConfig(home)
  const parts = await openServerParts({
    home,
    chat: createEchoChat({ pauseMilliseconds: Number(pause) }),
    train: { plan: nothing, train: nothing, resume: nothing },
    removeModel: nothing,
    modelMap: { defaultBase: 'echo' },
    mostModels: 1,
    now: Date.now,
    mostModelBytes: 1e9,
    mostWaiting: 2000,
    placesOfBase: 2000,
    importModel: nothing,
    onJobFailure: () => undefined,
    onLogFailure: () => undefined,
  })
  const server = await startServer({
    config: { ...config, listen: { host: '127.0.0.1', port: 0 } },
    configFile: undefined,
    home,
    env: process.env,
    parts,
    services: createServices({ home }),
    name: 'echo',
    now: Date.now,
    // As `hone serve --log json` does, whatever becomes of it.
    onLog: (entry) =>
      void process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`),
  })
  const key = server.madeKey ?? (await parts.keys.createPair({ user: 'bench', allow: ['*'] }))
  say({ port: Number(new URL(server.address).port), id: key.id, secret: key.secret })
}

function bare(): void {
  const answer = JSON.stringify({ content: 'x'.repeat(300) })
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString())
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
      outgoing.end(answer)
    })
  })
  server.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }))
}
