import { rm } from 'node:fs/promises'

/** What a sweep takes away, by where it came from. */
const sweptKinds = [
  'objects',
  'uploads',
  'job-data',
  'sessions',
  'replays',
  'responses',
  'audit',
  'downloads',
  'weights',
  'graphs',
  'temporary',
] as const

export type SweptKind = (typeof sweptKinds)[number]

/** What was taken away of one kind. */
export interface Swept {
  readonly kind: SweptKind
  /** Files, or rows of the database. */
  readonly count: number
  readonly bytes: number
}

/** Takes things away, or only counts them. */
export class Sweep {
  readonly dryRun: boolean
  readonly #swept = new Map<SweptKind, { count: number; bytes: number }>()
  readonly #kept: string[] = []

  constructor(dryRun: boolean) {
    this.dryRun = dryRun
  }

  /** Removes a file or folder. One that another process has open cannot be removed everywhere; it is kept and told. */
  async remove(
    kind: SweptKind,
    path: string,
    { count = 1, bytes }: { readonly count?: number; readonly bytes: number },
  ): Promise<void> {
    if (!this.dryRun) {
      try {
        await rm(path, { recursive: true, force: true })
      } catch {
        this.#kept.push(path)
        return
      }
    }
    this.add(kind, { count, bytes })
  }

  add(kind: SweptKind, { count, bytes }: { readonly count: number; readonly bytes: number }): void {
    const before = this.#swept.get(kind) ?? { count: 0, bytes: 0 }
    this.#swept.set(kind, { count: before.count + count, bytes: before.bytes + bytes })
  }

  swept(): Swept[] {
    return sweptKinds.map((kind) => ({ kind, ...(this.#swept.get(kind) ?? { count: 0, bytes: 0 }) }))
  }

  /** Files and folders that could not be removed. */
  kept(): readonly string[] {
    return this.#kept
  }
}
