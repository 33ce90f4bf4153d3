import type { CheckedLanguage } from './safety-question.ts'

/** Words that every text of a language is full of. One that belongs to several stands in all of them. */
const functionWords: Readonly<Record<CheckedLanguage, string>> = {
  de: 'der die das den dem des ein eine einen einem einer und oder aber nicht ist sind war sie er es ich wir ihr ihre mit von zu zum zur im in auf für bei nach aus wie wenn dass kann können man auch noch nur sich bitte so an als haben hat wird werden durch über am vom um vor',
  en: "the a an and or but not is are was were be it he she they we you i of to in on for with from at by as that this these those if when can could will would should have has do does your my our their there it's i'm about into so than then also more most very please no",
  es: 'el la los las un una unos unas y o pero no es son era fue que de del a al en con por para se su sus lo le les como más si cuando puede pueden también muy este esta estos estas hay ser estar está están tiene usted nos mi tu sin sobre porque hasta desde',
  fr: "le la les l un une des et ou mais ne pas est sont était que qui de du d à au aux en dans avec pour par sur se s ce cette ces il elle nous vous je on son sa ses leur plus si comme peut peuvent aussi très y être avoir a c'est votre notre sans vers où n j qu",
  it: 'il lo la i gli le l un una uno e o ma non è sono era che di del della dei delle a al alla in con per da dal dalla su si se come più anche può possono molto questo questa questi ci ha hanno essere suo sua nel nella ed ne mi ti vi dopo poi',
  nl: 'de het een en of maar niet is zijn was dat die dit deze van in op met voor aan te bij naar uit als ook kan kunnen u uw je jouw wij we ik hij zij ze er om door over nog wel wordt worden heeft hebben dan meer zo moet geen tot',
  pt: 'o a os as um uma e ou mas não é são era foi que de do da dos das em no na nos nas com por para se ao à como mais pode podem também muito este esta isso há ser estar está tem você seu sua sem sobre até porque quando eu nós lhe pelo pela',
}

const vocabularies = Object.entries(functionWords).map(([language, words]) => ({
  language: language as CheckedLanguage,
  words: new Set(words.split(' ')),
}))

/** Fewer known words are no evidence. */
const leastWords = 2

/**
 * The one of seven languages with most of its function words in the text; undefined where there are fewer than two or
 * two languages are level.
 */
export function languageOf(text: string): CheckedLanguage | undefined {
  const words = text.toLowerCase().match(/\p{L}+(?:'\p{L}+)?/gu) ?? []
  const counts = vocabularies
    .map(({ language, words: known }) => ({
      language,
      count: words.filter((word) => known.has(word)).length,
    }))
    .toSorted((a, b) => b.count - a.count)
  const [first, second] = counts
  if (first === undefined || second === undefined) return undefined
  return first.count >= leastWords && first.count > second.count ? first.language : undefined
}
