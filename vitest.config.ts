import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

/** Start servers and processes, and change what these find in the environment. */
const heavy = ['test/**/*.test.ts']

// `vitest run --mode long` draws many more random cases and kills a run many more times.
export default defineConfig(({ mode }) => {
  const isLong = mode === 'long'
  const test = {
    setupFiles: isLong ? ['test/long-setup.ts'] : [],
    env: isLong ? { HONE_TEST_LONG: '1' } : {},
    pool: 'forks' as const,
    testTimeout: isLong ? 3_600_000 : 120_000,
    hookTimeout: 240_000,
  }
  // A process for each worker and not for each file: what is imported once stays imported.
  const light = { include: ['src/**/*.test.ts', 'ui/**/*.test.ts'], isolate: false }
  return {
    test: {
      globalSetup: ['test/global-setup.ts'],
      maxWorkers: 2,
      sequence: { sequencer: LongestFirst },
      projects: [
        { test: { ...test, name: 'processes', include: heavy } },
        { test: { ...test, ...light, name: 'units' } },
      ],
    },
  }
})
