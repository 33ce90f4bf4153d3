import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** `hone serve`, as built, in a process that is killed and started again. */
export class ServerProcess implements AsyncDisposable {
  readonly #home: string
  readonly port: number
  #child: ChildProcess | undefined
  #stderr = ''

  private constructor(home: string, port: number) {
    this.#home = home
    this.port = port
  }

  static async start(home: string): Promise<ServerProcess> {
    const server = new ServerProcess(home, await freePort())
    await server.start()
    return server
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get processId(): number {
    return this.#child?.pid ?? 0
  }

  /** Waits until it answers. @throws where it ends instead */
  async start(): Promise<void> {
    const args = ['dist/main.js', 'serve', '--port', String(this.port), '--log', 'none', '--threads', '1']
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HONE_HOME: this.#home, NO_COLOR: '1' },
    })
    this.#child = child
    this.#stderr = ''
    child.stderr.on('data', (bytes: Buffer) => (this.#stderr += bytes.toString()))
    while (!(await answers(this.endpoint))) {
      if (child.exitCode !== null) throw new Error(`the server ended: ${this.#stderr}`)
      await pause(20)
    }
  }

  /** Kills the server alone: what it started has to notice by itself. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  /** Processes that the server started for this purpose, such as `train`; none where they cannot be listed. */
  workers(name: string): number[] {
    return processes()
      .filter(({ parent, command }) => parent === this.processId && command.includes(`workers/${name}.js`))
      .map(({ id }) => id)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}

/** All processes of this machine that `ps` tells of. */
export function processes(): { readonly id: number; readonly parent: number; readonly command: string }[] {
  const { status, stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
  if (status !== 0) return []
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((found) =>
      found === null ? [] : [{ id: Number(found[1]), parent: Number(found[2]), command: found[3] ?? '' }],
    )
}

async function answers(endpoint: string): Promise<boolean> {
  const response = await fetch(`${endpoint}/healthz`).catch(() => undefined)
  return response?.ok === true
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
