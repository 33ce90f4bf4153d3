import { LineSplitter, type Line } from '../../lib/line-splitter.ts'
import { HoneError } from '../../core/errors.ts'
import type { SourceKind } from './source-kind.ts'
import { largestRecordBytes, tooLong, type SourceRow } from './source-row.ts'

const questionMark = /^(?:Q|Question|User|Human):[ \t]?/i
const answerMark = /^(?:A|Answer|Assistant):[ \t]?/i

/**
 * Questions and answers as plain text: blocks of `Q: …` and `A: …`, each of which may go on over further lines until the
 * next mark; or, in a file called `.txt`, one pair a line with a tab between.
 */
export const textPairs: SourceKind = {
  id: 'text',
  name: 'Plain text: `Q: …` and `A: …` blocks, or in a .txt file one question, a tab and its answer a line',
  endings: ['txt'],
  isText: true,
  isTable: false,
  fits(head, ending) {
    const text = head
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart()
    if (questionMark.test(text)) return /\n(?:A|Answer|Assistant):/i.test(text)
    if (ending !== 'txt') return false
    const lines = text.split('\n').slice(0, -1)
    const whole = lines.length === 0 ? [text] : lines
    return whole.every((line) => line.trim() === '' || line.split('\t').length === 2)
  },
  async *rows(input) {
    const pairs = questionMark.test(
      input.head
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .trimStart(),
    )
      ? new BlockReader()
      : new TabReader()
    const splitter = new LineSplitter(largestRecordBytes)
    for await (const chunk of input.chunks()) {
      const rows = splitter.push(chunk).flatMap((line) => pairs.take(line, input.location))
      if (rows.length > 0) yield rows
    }
    yield [...splitter.end().flatMap((line) => pairs.take(line, input.location)), ...pairs.end()]
  },
}

/** @throws HoneError `E_DATA` for a line that is no UTF-8 */
function textOf(line: Line, location: string): string {
  if ('text' in line) return line.text
  throw new HoneError(
    'E_DATA',
    line.fault === 'too-long' ? 'the line is over 16 MiB' : 'the line is not UTF-8 text',
    {
      at: { file: location, line: line.number },
      hint: 'save the file as UTF-8',
    },
  )
}

class TabReader {
  take(line: Line, location: string): SourceRow[] {
    const text = textOf(line, location)
    const { number } = line
    if (text.trim() === '') return [{ number, text: '' }]
    const [prompt, completion, ...more] = text.split('\t')
    return completion === undefined || more.length > 0
      ? [{ number, fault: 'table/row', message: 'the line is not a question, one tab and an answer' }]
      : [{ number, record: { prompt, completion } }]
  }

  end(): SourceRow[] {
    return []
  }
}

class BlockReader {
  #number = 0
  #question: string[] | undefined
  #answer: string[] | undefined
  #length = 0

  take(line: Line, location: string): SourceRow[] {
    const text = textOf(line, location)
    this.#length += text.length
    if (questionMark.test(text)) {
      const rows = this.end()
      this.#number = line.number
      this.#question = [text.replace(questionMark, '')]
      this.#length = text.length
      return rows
    }
    if (this.#question === undefined) {
      if (text.trim() === '') return []
      return [
        {
          number: line.number,
          fault: 'table/row',
          message: 'the text before the first "Q:" belongs to nothing',
        },
      ]
    }
    if (this.#length > largestRecordBytes) {
      this.#question = undefined
      this.#answer = undefined
      return [tooLong(this.#number, this.#length, 'record')]
    }
    if (this.#answer === undefined && answerMark.test(text)) this.#answer = [text.replace(answerMark, '')]
    else (this.#answer ?? this.#question).push(text)
    return []
  }

  end(): SourceRow[] {
    const [question, answer, number] = [this.#question, this.#answer, this.#number]
    this.#question = undefined
    this.#answer = undefined
    if (question === undefined) return []
    if (answer === undefined)
      return [{ number, fault: 'table/row', message: 'the question has no "A:" after it' }]
    return [{ number, record: { prompt: question.join('\n').trim(), completion: answer.join('\n').trim() } }]
  }
}
