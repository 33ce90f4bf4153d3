import type { HoneConfig } from '../config/hone-config.ts'
import type { ConfigOverrides } from '../config/merge-config.ts'

/** The configuration that a command names, with what its flags replace. */
export async function readTaskConfig(
  path: string,
  overrides: ConfigOverrides,
  signal: AbortSignal,
): Promise<HoneConfig> {
  const { readConfig } = await import('../config/read-config.ts')
  const { mergeConfig } = await import('../config/merge-config.ts')
  return mergeConfig(await readConfig(path, { signal }), overrides)
}
