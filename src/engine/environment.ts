import { arch, cpus, platform } from 'node:os'
import { env } from 'onnxruntime-node'
import type { TrainingEnvironment } from '../core/training-job.ts'
import { packageVersion } from '../lib/package-version.ts'
import { defaultThreads } from './graph/session.ts'

/** What the last bits of a training result depend on beside the job itself. */
export function currentEnvironment(threads: number = defaultThreads()): TrainingEnvironment {
  return {
    hone: packageVersion(),
    node: process.version,
    runtime: env.versions.node ?? env.versions.common,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    threads,
  }
}

/** Which parts differ, in words: a resumed run may then end with other last bits. */
export function environmentChanges(before: TrainingEnvironment, now: TrainingEnvironment): string[] {
  const parts = ['hone', 'node', 'runtime', 'platform', 'cpu', 'threads'] as const
  return parts
    .filter((part) => before[part] !== now[part])
    .map((part) => `${part} was ${before[part]}, is ${now[part]}`)
}
