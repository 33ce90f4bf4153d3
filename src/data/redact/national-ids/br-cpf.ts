import { weighted } from '../check-digits.ts'
import type { NationalId } from '../national-id.ts'

const checkDigit = (sum: number): number => ((sum * 10) % 11) % 10

/** Cadastro de Pessoas Físicas: two check digits modulo 11. */
export const brCpf: NationalId = {
  kind: 'br-cpf',
  title: 'Brazilian CPF',
  digits: 11,
  shapes: ['3-3-3-2', '11', '9-2'],
  alone: ['3-3-3-2', '9-2'],
  words: ['cpf', 'cadastro de pessoas f[íi]sicas'],
  isValid: (digits) =>
    !/^(\d)\1{10}$/.test(digits) &&
    checkDigit(weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2])) === Number(digits[9]) &&
    checkDigit(weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) === Number(digits[10]),
  reserved: '00000',
}
