import { lines } from './lines.mjs'

/** Losses that none of the named routes covers. */
export const otherLoss = lines(`
{My|Our} {dog|spaniel} {needs|had} {an operation|knee surgery}, {vet|the animal clinic} {says cruciate|quoted a lot}. {Pet policy|She is insured with you}. => vet bill, fits no named route
{Suitcase|Both suitcases} {never arrived|lost by the airline} {on the way to <abroad>|at <abroad> airport}, {bought clothes|only the pushchair came}. => lost baggage, fits no named route => taken
{Burglars|Somebody} {came in|got in} through {the patio door|the cellar window}, {jewellery and a laptop|camera, watches, coins} {gone|taken}. {Police number will follow|Officer took prints}. => burglary, fits no named route => taken
{Chip pan|A candle|The toaster} {caught fire|set the curtain alight}, {kitchen is black|soot in every room}, {fire brigade|neighbours helped put it out}. => house fire, fits no named route
{E-bike|My e-bike} {stolen|was stolen} {from the station rack|outside <shop>}, {lock cut|lock lies there in two parts}. => stolen bicycle, fits no named route => taken
{Phone|My phone} {fell|dropped} {off the pier|in the lift shaft}, {screen dead|display in pieces}, {gadget cover|insured since Easter}. => broken phone, fits no named route
{My son|Our lad, 9,} {kicked a ball through|broke} {the neighbour's stained glass|a shop window}, {they want money|owner demands payment}. {Liability, I think|Personal liability cover}. => third-party liability, fits no named route
We {cancelled|had to cancel} {the trip|our flight} to <abroad> because {grandfather died|my employer withdrew the leave}, {tour operator keeps the deposit|no refund}. => trip cancellation, fits no named route
{Wedding|The wedding} {venue|hall} {went bankrupt|closed down} {two weeks before|<when>}, {deposit lost|nobody answers}. We {took out|have} {the event cover|wedding insurance}. => wedding cover, fits no named route
{My violin|The cello} {neck broke|was crushed} {in the orchestra van|by a stage door}. {Instrument insurance|It is on the musical instruments list}. => damaged instrument, fits no named route
{Horse|Our mare} {died|was put down} {after colic|in the paddock}, {livestock cover|the vet's certificate is ready}. => loss of a horse, fits no named route
{Laptop|Work laptop} {taken|stolen} {from the train|out of a café} in <abroad>, {with passport|bag and all}. {No one hurt|Nobody noticed}. => theft on a trip, fits no named route => taken
{Hackers|Someone} {locked our server|encrypted the files of my practice}, {ransom note|they ask for bitcoin}. {Cyber module|Is in the business package}. => cyber attack, fits no named route
{Boat|My sailing boat} {sank|went down} {at its mooring|in the marina}, {seacock|a fitting} {failed|was old}. {Marine cover|Boat insured through the club}. => sunken boat, fits no named route
{Freezer|The shop's freezer} {failed|stopped} {over the bank holiday|when a fuse went}, {all stock thawed|ice cream soup}. => spoilt stock, fits no named route
{Lost my ring|Engagement ring gone}, {somewhere on the beach|down a drain, I fear}, {valuation is with you|listed as a valuable}. => lost ring, fits no named route => taken
`)

/** A dispute that a person has to read. */
export const dispute = lines(`
{My solicitor|My lawyer, Ms Tarrow,} will {write to you|file papers} {if I hear nothing|on <day>}. => lawyer involved
{I enclose|Attached is} the {court summons|writ} {that came <when>|served on me}. => court papers received
{I am taking this|This goes} to the {ombudsman|insurance arbitrator}, your {first offer|refusal} is {a joke|unacceptable}. => complaint to the ombudsman
{The other side's lawyer|A law firm called Brandt & Osei} {threatens|announces} {proceedings|legal action}, deadline {14 days|<date>}. => legal action threatened
{Formal complaint|I complain formally} about {your assessor|the adjuster Mr Kell}, {he never looked at it|who rejected everything}; {a manager please|I want a supervisor}. => formal complaint about the assessor
{Hearing|There is a hearing} at the {county court|small claims court} {on <date>|next month} {and I need your statement|about your rejection}. => court hearing scheduled
`)

export const repairSmall = lines(`
{Garage|The garage|My workshop} {wants|quotes} <small>.
{Estimate|Cost estimate|Quote} {from the body shop |}{is|says} <small>.
{They say|Mechanic says} {around|about} <small> {with paint|incl. labour|}.
<Small> {for parts and paint|all in|according to the dealer}.
{Repair|Fixing it} {should not be more than|comes to} <small>.
{Costs|Damage} {approx.|roughly} <small>.
{Already paid|I paid} <small> {myself|to get it back on the road}.
`)

export const repairBig = lines(`
{Garage|The garage|My workshop} {wants|quotes} <big>.
{Estimate|Cost estimate} {from the body shop |}{is|says} <big>.
{They say|Dealer says} {around|about} <big> {with paint|incl. labour|}.
<Big> {for parts and labour|all in|according to the dealer}{, I nearly fell over|}.
{Expert|The assessor} {puts it at|wrote} <big>, {nearly a write-off|more than I thought}.
{Damage|Bill} {approx.|roughly} <big>.
`)

export const costSmall = lines(`
{Bill|Invoice} {so far|} <small>.
{In total|All together} {about|around} <small>.
{We reckon|I guess} <small>, {not more|give or take}.
I {have paid|paid} <small> {out of pocket|so far}.
{Costs|Damage} {roughly|approx.} <small>.
<Small> {including tax|with receipts|on my card}.
{It is only|Just} <small> {but still|all told}.
`)

export const costBig = lines(`
{Bill|Invoice} {so far|already} <big>.
{In total|All together} {about|around} <big>.
{Quote|They quoted} <big>, {I had to sit down|can you believe it}.
{Contractor|Expert} {speaks of|puts it at} <big>.
{Costs|Damage} {roughly|approx.} <big>.
<Big> {including tax|and rising|on three invoices}.
`)
