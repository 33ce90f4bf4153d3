/**
 * White space to Python's `str.strip` but not to JavaScript's `trim`. The other way round there is only U+FEFF.
 */
const onlyPython = '\u001C\u001D\u001E\u001F\u0085'
/** Noncharacters and white space that stand for them while JavaScript code trims: never in the text after `protect`. */
const word = '\uFDD0'
const wordForByteOrderMark = `${word}\uFDD1`
const wordForItself = `${word}\uFDD2`
const space = '\uFEFF'
const firstSpace = 0x2000

// oxlint-disable-next-line no-control-regex
const affected = /[\u001C-\u001F\u0085\uFEFF\uFDD0]/g
const standIn = /\uFDD0([\uFDD1\uFDD2])|\uFEFF([\u2000-\u2004])/g

/** Text that JavaScript trims where Python would trim the original; `restorePythonWhiteSpace` undoes it. */
export function protectPythonWhiteSpace(text: string): string {
  return text.replaceAll(affected, (character) => {
    if (character === space) return wordForByteOrderMark
    if (character === word) return wordForItself
    return space + String.fromCodePoint(firstSpace + onlyPython.indexOf(character))
  })
}

export function restorePythonWhiteSpace(text: string): string {
  return text.replaceAll(standIn, (whole, second: string | undefined, index: string | undefined) => {
    if (index !== undefined) return onlyPython[index.charCodeAt(0) - firstSpace] ?? whole
    return second === '\uFDD1' ? space : word
  })
}
