import { lines } from './lines.mjs'

/** The same loss claimed twice. */
export const duplicate = lines(`
{I know|True,} {you paid|I got money for} this {already|once} under <claim>, but {I am claiming it again|I send it again} {since it was little|because prices went up}. => same loss claimed a second time => customer
{Same damage|Identical damage} was {settled|paid} by {Norvik Mutual|my other insurer|my wife's insurer} {in spring|last month}; {I would like|please send} your {payment as well|share too}. => loss already paid by another insurer => customer
{Handler's note|File note}: {photos|pictures} {match|are the same as in} <claim>, {closed|paid} {in March|last year}. {Different date given|Only the date differs}. => photos identical to a paid claim => note
{Third time|This is the third time} this {invoice|receipt} {reaches us|turns up}: <claim>, <claim> and now {here|this one}. => invoice used on several claims => note
{My brother|My flatmate} {also put in a claim|has claimed} for {exactly this|the very same item}, we {both want|thought both could get} {the full amount|paid}. => two claims for one loss => customer
{Desk note: customer|Note by reception: insured} {asks to be paid again|wants a second payment} for {what <claim> covered|the loss settled as <claim>}, {calls it a new event|says it happened again the same way}. => second payment asked for one event => note
`)

/** Tips, forged papers and staged events, complete in themselves. */
export const suspicion = lines(`
{I do not want|Don't want} my name used: the {man at number 9|couple opposite} {broke|smashed} {their own TV|the window themselves} and {told everybody|laughed about} {you pay|the insurance pays}. => neighbour reports a staged loss
{Our workshop|We at Kerbside Motors} {got asked|were asked} by {a client of yours|your customer} to {write|put} {twice the price|damage that is not there} {on the invoice|in the estimate}. We {refused|said no}. => workshop asked to inflate an invoice
{The receipt|Receipt} {for the camera|for the sofa} {shows|has} {a different font in the total|a total typed over}, {shop|the seller} {says|confirms} it {sold for far less|was a tenth of that}. => altered receipt
{Doctor's bill|Hospital invoice} from <abroad> {has no stamp|carries a stamp of a clinic that closed in 2015}, {phone number|the number} {is dead|belongs to a bakery}. {He wants|Insured wants} <small>. => hospital bill looks forged
{He|The driver} {asked me|offered me 300} to {say|tell you} {I saw the crash|that I was a witness}, {I was not there|I was at home}. {I won't do it|My conscience hurts}. => witness paid to lie
{The two drivers|Both drivers} {share|have} {one address|the same phone number} and {met "by chance"|say they never met}; {three|four} passengers {all with|claim} {neck pain|whiplash}, {empty road|no skid marks}. => signs of a staged collision
{Burst pipe|The leak}? {Tenant here|I am the tenant}: {he opened the tap|landlord left the hose running} {on purpose|to get a new kitchen}. => tenant says the damage was deliberate
{Hail dents|Dents} on the {bonnet|roof} are {perfectly round|in rows}, {expert says|my opinion as assessor:} {hammer|ball hammer}, {weather office|weather records} {reports no hail|show sunshine} {that day|in <town>}. => hail damage disproved
{You may want|You might like} to {look at|check} {his page|her profile}: the {stolen|burnt} {watch|bike} is {for sale|in a photo from yesterday}. => item reported lost is being sold
{Ex|My ex} {bragged|told me} that {he set|she set} {the shed alight|the fire} {himself|herself} {for the money|because you pay well}. => fire said to be deliberate
{The garage|Bodyshop} {bill|invoice} is {dated|from} {a Sunday|a public holiday}, {firm|company} {not in the register|was struck off two years ago}. Claimant {gets loud|hangs up} when {asked|I enquire}. => invoice from a firm that does not exist
{When I called|On the phone} {he was home|insured sat at home} {with a lawnmower running|in the garden}, {while|though} the {form|claim} says {bedridden in <abroad>|in intensive care in <abroad>}. => claimed illness disproved by a call
{I signed|He made me sign} {blank|empty} claim {forms|papers}, {now|later} {it says|it lists} {things we never owned|a piano and two carpets}. => claim lists things never owned
{Mileage|The clock} {on the photo|in the pictures} is {lower|less} than {at the service a year before|last year's}, and the {plate|chassis number} {differs|is of a different car}. => photos show a different car
`)

/** Dates that cannot be true; `<later>` is always after `<earlier>` in the same year. */
export const badDates = lines(`
It happened on <earlier>. {I took out|I bought} the {policy|insurance} on <later>{, so please pay|}. => loss before the policy began
{Date of loss|Loss date}: <earlier>. {Cover|Contract} {started|began}: <later>. => loss dated before cover started
{The event was|It was} on <later>, {the repair|and the repair} {was paid|was done} on <earlier>{, see bill|}. => repair dated before the loss
{I reported it|First reported} {by phone |}on <earlier>; {it happened|the thing itself happened} on <later>. => reported before it happened
{Form says|On the form I put} <later>, {photos|my photos} {are from|carry} <earlier>, {already damaged there|same damage}. => photos older than the stated loss
{Receipt|Invoice} {of|dated} <earlier> for {a loss|damage} {of|on} <later>. => invoice older than the loss
`)

/** Dates that fit, in much the same words. */
export const goodDates = lines(`
{I took out|I bought} the {policy|insurance} on <earlier>, it happened on <later>.
{Cover|Contract} {started|began}: <earlier>. {Date of loss|Loss date}: <later>.
It was on <earlier>, {the repair|and the repair} {was done|was paid} on <later>.
{It happened|Happened} on <earlier>; {I reported it|reported} {by phone |}on <later>.
{Form|The form} and {photos|my photos} both say <earlier>, {first time I claim this|never claimed before}.
`)
