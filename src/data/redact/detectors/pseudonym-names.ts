/** Parts of names that nobody has, so that a made-up name is told from a real one. */
const beginnings =
  'Avel Brindo Cadri Dorva Elsim Farro Gildo Hesmi Ilva Jorri Kelma Lorva Mirab Nervo Ostri Perri Quila Rosve Sardo Tavo Ulme Vandro Wistra Xandi Yorva Zelmo Ashgri Bello Corve Drista Embru Fenno Gorla Haldri Isenwi Jesso Kirva Lindo Marvu Noxi'.split(
    ' ',
  )
const endings =
  'brax dessin drune fannor gwick hollim jorvane kessil lisset lorrin mavane nidor ondrel plyne quent rondil sarrow stelin thorne vexil wenby worrel yssan zurel'.split(
    ' ',
  )

const form = new RegExp(`^(?:${beginnings.join('|')})(?:${endings.join('|')})$`)

export const isMadeUpName = (word: string): boolean => form.test(word)

/** How many there are: several people can get the same one. */
export const madeUpNameCount: number = beginnings.length * endings.length

export const madeUpName = (index: number): string =>
  `${beginnings[index % beginnings.length] ?? ''}${endings[Math.floor(index / beginnings.length) % endings.length] ?? ''}`
