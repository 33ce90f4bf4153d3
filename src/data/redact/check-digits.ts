/** Luhn's algorithm (ISO/IEC 7812-1, annex B) over a row of digits. */
export function isLuhn(digits: string): boolean {
  let sum = 0
  let doubled = false
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits.charCodeAt(at) - 48
    sum += doubled ? digit * 2 - (digit > 4 ? 9 : 0) : digit
    doubled = !doubled
  }
  return sum % 10 === 0
}

/** Σ digit × weight over as many digits as there are weights. */
export const weighted = (digits: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * (digits.charCodeAt(at) - 48), 0)

/** Remainder of a decimal number of any length. */
export function remainder(digits: string, divisor: number): number {
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + (digit.charCodeAt(0) - 48)) % divisor
  return rest
}

/** ISO 7064 MOD 11,10, as the German tax number uses it. */
export function isMod11Of10(digits: string): boolean {
  let product = 10
  for (const digit of digits.slice(0, -1)) {
    const sum = (Number(digit) + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === Number(digits.at(-1))
}

const dihedral = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
]
const permutation = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
]

/** Verhoeff's algorithm (dihedral group D5, 1969). */
export function isVerhoeff(digits: string): boolean {
  let check = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48
    check = Number(dihedral[check]?.[Number(permutation[at % 8]?.[digit])])
  }
  return check === 0
}

/** Whether the digits are the day and month of some date. */
export const isDayAndMonth = (day: number, month: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31)
