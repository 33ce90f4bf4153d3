import { counted } from '../../../counted.ts'
import type { Limit } from '../../../../profiles/profile.ts'
import type { RecordRule, SetRule } from '../../rule.ts'

const noteOf = ({ note }: Limit): string => (note === undefined ? '' : `; ${note}`)

export const recordCount: SetRule = {
  id: 'profile/record-count',
  severity: 'error',
  reason: 'The service takes files with a number of records between two bounds.',
  start({ profile, part = 'training', against }) {
    if (profile === undefined) return undefined
    const { minimum, training, validation, total } = profile.records
    return {
      *finish({ records }) {
        const own = part === 'training' ? training : validation
        const both = records + (against?.records ?? 0)
        if (minimum !== undefined && part === 'training' && records < minimum.value && both < minimum.value) {
          yield {
            at: {},
            message: `the file has ${counted(records, 'record')}, at least ${minimum.value} are needed${noteOf(minimum)}`,
            hint: 'collect more examples',
            code: 'E_DATA_TOO_FEW',
          }
        }
        if (own !== undefined && records > own.value) {
          yield {
            at: {},
            message: `the file has ${counted(records, 'record')}, at most ${own.value.toLocaleString('en-US')} are taken${noteOf(own)}`,
            hint: 'take a sample: hone data split',
          }
        } else if (total !== undefined && both > total.value) {
          yield {
            at: {},
            message: `there are ${counted(both, 'record')}, training and validation together may have ${total.value.toLocaleString('en-US')}${noteOf(total)}`,
            hint: 'take a sample: hone data split',
          }
        }
      },
    }
  },
}

export const fileSize: SetRule = {
  id: 'profile/file-size',
  severity: 'error',
  reason: 'The service takes files up to a size.',
  start({ profile, file, part = 'training' }) {
    const limit = profile?.files[part]
    if (file === undefined || limit === undefined) return undefined
    return {
      *finish() {
        if (file.bytes <= limit.value) return
        const [size, most] = [file.bytes, limit.value].map((bytes) =>
          (bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 }),
        )
        yield {
          at: {},
          message: `the file has ${size} MB, the limit is ${most} MB`,
          hint: 'take a sample: hone data split',
        }
      },
    }
  },
}

export const fileName: SetRule = {
  id: 'profile/file-name',
  severity: 'error',
  reason: 'The service takes files with some names only.',
  start({ profile, file }) {
    if (profile === undefined || file === undefined) return undefined
    const { nameCharacters, nameEnd } = profile.files
    if (nameCharacters === undefined && nameEnd === undefined) return undefined
    return {
      *finish() {
        if (nameCharacters !== undefined) {
          const other = new RegExp(`[^${nameCharacters.class}]`, 'u').exec(file.name)
          if (other !== null) {
            yield {
              at: {},
              message: `the file's name has ${JSON.stringify(other[0])}; allowed are ${nameCharacters.words}`,
              hint: 'give the file another name',
            }
          }
        }
        if (nameEnd !== undefined && !file.name.toLowerCase().endsWith(nameEnd.value)) {
          yield {
            at: {},
            message: `the file's name must end with ${nameEnd.value}`,
            hint: 'give the file another name',
          }
        }
      },
    }
  },
}

export const blankLine: SetRule = {
  id: 'profile/blank-line',
  severity: 'error',
  reason: 'The service refuses files with empty lines.',
  fixWords: 'empty lines are taken away',
  start({ profile, file }) {
    if (profile?.files.blankLines !== 'refused' || file === undefined) return undefined
    return {
      *finish({ file: facts }) {
        if (facts === undefined || facts.blankLines === 0) return
        yield {
          at: { line: facts.firstBlank },
          message: `${counted(facts.blankLines, 'empty line')}${facts.blankLines > 1 ? ', this is the first' : ''}`,
          hint: 'take them away',
        }
      },
    }
  },
}

export const lineSize: RecordRule = {
  id: 'profile/line-size',
  severity: 'error',
  reason: 'The service takes lines up to a size.',
  start({ profile }) {
    const limit = profile?.files.line
    if (limit === undefined) return undefined
    return ({ bytes }, report) => {
      if (bytes > limit.value) {
        report('', `the line has ${(bytes / 1024).toFixed(1)} KiB, the limit is ${limit.value / 1024} KiB`)
      }
    }
  },
}
