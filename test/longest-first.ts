import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Take minutes, though their files are short: whatever runs last alone is waited for by all. */
const longest = ['test/readme.test.ts', 'test/clients-on-real-base.test.ts', 'test/kill-and-resume.test.ts']

const isLongest = ({ moduleId }: TestSpecification): boolean =>
  longest.some((name) => moduleId.endsWith(name))

/** Where no earlier run tells how long a file takes, vitest begins with the largest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own
    const sorted = await super.sort(files)
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))]
  }
}
