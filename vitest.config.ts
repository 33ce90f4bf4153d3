import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

// `vitest run --mode long` draws many more random cases and kills a run many more times.
export default defineConfig(({ mode }) => {
  const isLong = mode === 'long'
  return {
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'ui/**/*.test.ts'],
      globalSetup: ['test/global-setup.ts'],
      setupFiles: isLong ? ['test/long-setup.ts'] : [],
      env: isLong ? { HONE_TEST_LONG: '1' } : {},
      // One process per file: the ONNX Runtime native library keeps global thread pools that do not survive worker threads.
      pool: 'forks',
      maxWorkers: 2,
      sequence: { sequencer: LongestFirst },
      testTimeout: isLong ? 3_600_000 : 120_000,
      hookTimeout: 240_000,
    },
  }
})
